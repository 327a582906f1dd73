#include "adapters/encrypted_backup.h"

#include <functional>
#include <gtest/gtest.h>
#include <openssl/cms.h>
#include <openssl/pem.h>

#include "adapters/openssl_handles.h"

namespace pizwg {
namespace {

const std::string archive(3000, 'a');

// Made once: every passphrase costs a second.
const std::string& encrypted() {
  static const std::string bytes = encrypt_backup(archive, "correct horse").value_or("");
  return bytes;
}

std::string refusal(const std::string& bytes, std::string_view passphrase = "correct horse") {
  const auto decrypted = decrypt_backup(bytes, passphrase);
  return decrypted ? "" : decrypted.error().what;
}

// A CMS file that this program would not make, and whose DER `change` may make worse.
std::string other_cms(
    CMS_ContentInfo* cms, int iterations,
    const std::function<void(std::string&)>& change = [](std::string&) {}) {
  const std::string_view passphrase = "correct horse";
  auto* copy = static_cast<unsigned char*>(OPENSSL_memdup(passphrase.data(), passphrase.size()));
  CMS_set_detached(cms, 0);
  CMS_add0_recipient_password(cms, iterations, NID_undef, NID_undef, copy,
                              static_cast<ossl_ssize_t>(passphrase.size()), EVP_aes_256_cbc());
  EXPECT_EQ(CMS_final(cms, reader_of(archive).get(), nullptr, CMS_BINARY), 1);
  unsigned char* bytes = nullptr;
  const int size = i2d_CMS_ContentInfo(cms, &bytes);
  std::string der(reinterpret_cast<char*>(bytes), static_cast<std::size_t>(size));
  OPENSSL_free(bytes);
  CMS_ContentInfo_free(cms);
  change(der);
  const BioPtr out(BIO_new(BIO_s_mem()));
  PEM_write_bio(out.get(), "CMS", "", reinterpret_cast<unsigned char*>(der.data()),
                static_cast<long>(der.size()));
  return content_of(out.get());
}

TEST(EncryptedBackup, OpensWithItsPassphraseOnly) {
  EXPECT_TRUE(is_encrypted_backup(encrypted()));
  EXPECT_FALSE(is_encrypted_backup(archive));
  EXPECT_EQ(decrypt_backup(encrypted(), "correct horse"), archive);
  EXPECT_NE(refusal(encrypted(), "incorrect horse").find("wrong passphrase"), std::string::npos);
}

TEST(EncryptedBackup, IsNeverTheSameTwice) {
  EXPECT_NE(encrypt_backup(archive, "correct horse"), encrypted());
}

TEST(EncryptedBackup, DamageIsNoticed) {
  std::string bytes = encrypted();
  const std::size_t in_the_content = bytes.size() - 1000;
  bytes[in_the_content] = bytes[in_the_content] == 'A' ? 'B' : 'A';
  EXPECT_NE(refusal(bytes), "");
  EXPECT_NE(refusal(encrypted().substr(0, encrypted().size() / 2)), "");
}

TEST(EncryptedBackup, AnotherNumberOfIterationsIsFine) {
  EXPECT_EQ(refusal(other_cms(CMS_AuthEnvelopedData_create(EVP_aes_256_gcm()), 2000)), "");
}

TEST(EncryptedBackup, MillionsOfIterationsAreRefusedBeforeTheyAreDone) {
  const std::string bytes =
      other_cms(CMS_AuthEnvelopedData_create(EVP_aes_256_gcm()), 0x10000, [](std::string& der) {
        const std::size_t at = der.find(std::string("\x02\x03\x01\x00\x00", 5));
        ASSERT_NE(at, std::string::npos);
        der.replace(at, 5, "\x02\x03\x7f\xff\xff");
      });
  EXPECT_NE(refusal(bytes).find("was not made by pizwg"), std::string::npos);
}

TEST(EncryptedBackup, AFormWithoutAuthenticationIsRefused) {
  const std::string bytes = other_cms(CMS_EnvelopedData_create(EVP_aes_256_cbc()), 2000);
  EXPECT_NE(refusal(bytes).find("was not made by pizwg"), std::string::npos);
}

}  // namespace
}  // namespace pizwg
