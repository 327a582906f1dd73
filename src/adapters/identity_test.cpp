#include "adapters/identity.h"

#include <gtest/gtest.h>
#include <openssl/pem.h>

#include "adapters/new_identity.h"
#include "adapters/openssl_handles.h"
#include "core/date.h"

namespace pizwg {
namespace {

NewIdentity make(const std::string& name, CertificateUse use, KeyType key = KeyType::p256) {
  auto made = make_identity({name, use, key, first_valid_day, end_of(last_safe_day)});
  EXPECT_TRUE(made);
  return made ? *made : NewIdentity{};
}

// Made once: keys cost time.
const NewIdentity& server() {
  static const NewIdentity made = make("pizwg-server", CertificateUse::server);
  return made;
}
const NewIdentity& client() {
  static const NewIdentity made = make("ha", CertificateUse::client);
  return made;
}

IdentityFiles whole() {
  return {{std::string(server_key_path), server().key},
          {std::string(server_certificate_path), server().certificate},
          {client_pem_path("ha"), client().key + client().certificate},
          {allowed_path("ha", "ha.crt"), client().certificate}};
}

std::string why_not(const IdentityFiles& files) {
  const auto identity = check_identity(files);
  return identity ? "" : identity.error().what;
}

TEST(NewIdentity, IsALeafThatIsNoCaWithALongSerialAndTheAskedValidity) {
  const X509Ptr certificate(
      PEM_read_bio_X509(reader_of(server().certificate).get(), nullptr, nullptr, nullptr));
  ASSERT_TRUE(certificate);
  EXPECT_EQ(X509_get_version(certificate.get()), X509_VERSION_3);
  EXPECT_EQ(X509_check_ca(certificate.get()), 0);
  EXPECT_EQ(
      X509_check_host(certificate.get(), "pizwg-server", 0, X509_CHECK_FLAG_NEVER_CHECK_SUBJECT, nullptr), 1);
  EXPECT_EQ(X509_get_extended_key_usage(certificate.get()), static_cast<std::uint32_t>(XKU_SSL_SERVER));
  EXPECT_EQ(X509_get_key_usage(certificate.get()), static_cast<std::uint32_t>(KU_DIGITAL_SIGNATURE));
  const BignumPtr serial(ASN1_INTEGER_to_BN(X509_get0_serialNumber(certificate.get()), nullptr));
  EXPECT_FALSE(BN_is_negative(serial.get()));
  EXPECT_GT(BN_num_bits(serial.get()), 96);  // less once in four billion runs
}

TEST(NewIdentity, HasTheKeyThatWasAskedFor) {
  const NewIdentity made = make("big", CertificateUse::client, KeyType::rsa4096);
  const KeyPtr key(PEM_read_bio_PrivateKey(reader_of(made.key).get(), nullptr, nullptr, nullptr));
  ASSERT_TRUE(key);
  EXPECT_EQ(EVP_PKEY_is_a(key.get(), "RSA"), 1);
  EXPECT_EQ(EVP_PKEY_get_bits(key.get()), 4096);
}

TEST(Certificate, IsReadAsAValue) {
  const auto certificate = parse_certificate(server().certificate, "x.crt");
  ASSERT_TRUE(certificate);
  EXPECT_EQ(certificate->common_name, "pizwg-server");
  EXPECT_EQ(format_date(certificate->not_before), "2020-01-01");
  EXPECT_EQ(certificate->not_after, end_of(last_safe_day));
  EXPECT_EQ(certificate->fingerprint.size(), 64u);
  EXPECT_FALSE(certificate->der.empty());
}

TEST(Certificate, MayHaveTextAndAKeyBesideIt) {
  EXPECT_EQ(parse_certificate("a comment\n" + client().key + client().certificate, "x.pem"),
            parse_certificate(client().certificate, "x.crt"));
}

TEST(Certificate, SeveralInOneTextAreCutApart) {
  const std::string one = "# ours\n-----BEGIN CERTIFICATE-----\nAA==\n-----END CERTIFICATE-----";
  const std::string other = "\n-----BEGIN CERTIFICATE-----\nBB==\n-----END CERTIFICATE-----";
  EXPECT_EQ(certificates_in(one + other + "\n"), (std::vector<std::string_view>{one, other}));
  EXPECT_EQ(certificates_in("none"), std::vector<std::string_view>{"none"});
}

TEST(Certificate, ErrorsNameTheFile) {
  const auto none = parse_certificate("nothing\n", "x.crt");
  ASSERT_FALSE(none);
  EXPECT_NE(none.error().what.find("no certificate in \"x.crt\""), std::string::npos);
  const auto two = parse_certificate(server().certificate + client().certificate, "x.crt");
  ASSERT_FALSE(two);
  EXPECT_EQ(two.error().what, "more than one certificate in \"x.crt\"");
  EXPECT_NE(read_certificate("/nonexistent/x.crt").error().what.find("/nonexistent/x.crt"),
            std::string::npos);
}

TEST(Identity, AFlippedBitAnywhereInTheServersCertificateIsNoticed) {
  std::vector<std::uint8_t> der = parse_certificate(server().certificate, "")->der;
  for (std::size_t i = 0; i < der.size(); i += 7) {
    der[i] ^= 0x10;
    const BioPtr out(BIO_new(BIO_s_mem()));
    PEM_write_bio(out.get(), "CERTIFICATE", "", der.data(), static_cast<long>(der.size()));
    IdentityFiles files = whole();
    files[std::string(server_certificate_path)] = content_of(out.get());
    EXPECT_NE(why_not(files), "") << "byte " << i;
    der[i] ^= 0x10;
  }
}

TEST(Identity, IsTheSumOfItsFiles) {
  IdentityFiles files = whole();
  files.emplace(revoked_path("ha", "old.crt"), server().certificate);
  const auto identity = check_identity(files);
  ASSERT_TRUE(identity) << identity.error().what;
  EXPECT_EQ(identity->server.common_name, "pizwg-server");
  ASSERT_EQ(identity->clients.size(), 1u);
  EXPECT_EQ(identity->clients[0].name, "ha");
  EXPECT_TRUE(identity->clients[0].has_key);
  EXPECT_EQ(identity->clients[0].allowed.size(), 1u);
  EXPECT_EQ(identity->clients[0].revoked.size(), 1u);
}

TEST(Identity, TheKeyOfAClientNeedNotBeOnTheHost) {
  IdentityFiles files = whole();
  files.erase(client_pem_path("ha"));
  const auto identity = check_identity(files);
  ASSERT_TRUE(identity);
  EXPECT_FALSE(identity->clients[0].has_key);
}

TEST(Identity, NeedsTheServersTwoFiles) {
  for (const std::string_view path : {server_key_path, server_certificate_path}) {
    IdentityFiles files = whole();
    files.erase(std::string(path));
    EXPECT_EQ(why_not(files), "\"" + std::string(path) + "\" is missing");
  }
}

TEST(Identity, KeyAndCertificateMustBelongTogether) {
  IdentityFiles files = whole();
  files[std::string(server_key_path)] = client().key;
  EXPECT_NE(why_not(files).find("do not belong together: \"etc/ser2net/ser2net.key\" and"),
            std::string::npos);
  files = whole();
  files[client_pem_path("ha")] = server().key + client().certificate;
  EXPECT_NE(why_not(files).find("do not belong together: in \"root/ha.pem\""), std::string::npos);
}

TEST(Identity, AClientsOwnCertificateMustBeAllowed) {
  IdentityFiles files = whole();
  files[allowed_path("ha", "ha.crt")] = make("ha", CertificateUse::client).certificate;
  EXPECT_NE(why_not(files).find("is not among the allowed ones of \"ha\""), std::string::npos);
}

// The public half of the key is beside the private one in the file, so comparing public halves is not enough.
TEST(Identity, APrivateHalfThatIsDamagedIsNoticed) {
  const KeyPtr key(PEM_read_bio_PrivateKey(reader_of(server().key).get(), nullptr, nullptr, nullptr));
  unsigned char* der = nullptr;
  const int size = i2d_PrivateKey(key.get(), &der);
  ASSERT_GT(size, 40);
  der[20] ^= 1;  // ECPrivateKey: the number is from byte 7 to 38
  const BioPtr out(BIO_new(BIO_s_mem()));
  PEM_write_bio(out.get(), "EC PRIVATE KEY", "", der, size);
  OPENSSL_free(der);
  IdentityFiles files = whole();
  files[std::string(server_key_path)] = content_of(out.get());
  EXPECT_NE(why_not(files).find("do not belong together"), std::string::npos);
}

TEST(Identity, AnEncryptedKeyIsRefusedAndNobodyIsAsked) {
  const KeyPtr key(PEM_read_bio_PrivateKey(reader_of(server().key).get(), nullptr, nullptr, nullptr));
  const BioPtr out(BIO_new(BIO_s_mem()));
  ASSERT_EQ(
      PEM_write_bio_PKCS8PrivateKey(out.get(), key.get(), EVP_aes_256_cbc(), "secret", 6, nullptr, nullptr),
      1);
  IdentityFiles files = whole();
  files[std::string(server_key_path)] = content_of(out.get());
  EXPECT_NE(why_not(files).find("no usable private key in \"etc/ser2net/ser2net.key\""), std::string::npos);
}

TEST(Identity, AKeyThatTlsWouldRefuseIsRefusedHere) {
  const KeyPtr key(EVP_PKEY_Q_keygen(nullptr, nullptr, "RSA", std::size_t{1024}));
  const BioPtr out(BIO_new(BIO_s_mem()));
  PEM_write_bio_PrivateKey(out.get(), key.get(), nullptr, nullptr, 0, nullptr, nullptr);
  IdentityFiles files = whole();
  files[std::string(server_key_path)] = content_of(out.get());
  EXPECT_NE(why_not(files).find("is too weak for TLS"), std::string::npos);
}

}  // namespace
}  // namespace pizwg
