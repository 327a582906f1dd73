#include "adapters/encrypted_backup.h"

#include <array>
#include <fmt/format.h>
#include <memory>
#include <openssl/cms.h>
#include <openssl/pem.h>
#include <utility>

#include "adapters/openssl_handles.h"

namespace pizwg {
namespace {

using CmsPtr = std::unique_ptr<CMS_ContentInfo, Release<CMS_ContentInfo_free>>;
using Pbkdf2Ptr = std::unique_ptr<PBKDF2PARAM, Release<PBKDF2PARAM_free>>;

// What OWASP recommends (2023) for PBKDF2 with HMAC-SHA-1, the function that CMS has by default.
constexpr int iterations = 1'300'000;
// Of a file that somebody else made: some ten seconds on a small computer.
constexpr long most_iterations = 5'000'000;

constexpr std::string_view begin_line = "-----BEGIN CMS-----\n";
// Text before the first line of a PEM file is skipped by whoever reads one.
constexpr std::string_view preamble =
    "An encrypted backup of PiZWG. \"pizwg restore FILE\" takes it; without PiZWG, type\n"
    "openssl cms -decrypt -inform PEM -in FILE -out backup.tar -pwri_password PASSPHRASE\n"
    "where nobody else can list processes: they would show the passphrase.\n\n";

constexpr std::string_view pbkdf2_oid = "\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x05\x0c";
constexpr std::string_view data_oid = "\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x01";
constexpr std::string_view aes_256_gcm_oid = "\x06\x09\x60\x86\x48\x01\x65\x03\x04\x01\x2e";

std::unexpected<Error> not_ours() {
  return fail("the encrypted backup is damaged, or was not made by pizwg backup --encrypt");
}

std::string der_of(const CMS_ContentInfo* cms) {
  unsigned char* bytes = nullptr;
  const int size = i2d_CMS_ContentInfo(cms, &bytes);
  if (size < 0) return {};
  std::string der(reinterpret_cast<const char*>(bytes), static_cast<std::size_t>(size));
  OPENSSL_free(bytes);
  return der;
}

// What follows the only occurrence of `oid`; nothing when there is another or none.
std::string_view after_only(std::string_view der, std::string_view oid) {
  const std::size_t at = der.find(oid);
  if (at == std::string_view::npos || der.find(oid, at + 1) != std::string_view::npos) return {};
  return der.substr(at + oid.size());
}

// A file that asks for a billion iterations would keep us busy for a day.
bool has_bounded_iterations(std::string_view der) {
  const std::string_view parameters = after_only(der, pbkdf2_oid);
  const auto* next = reinterpret_cast<const unsigned char*>(parameters.data());
  const Pbkdf2Ptr pbkdf2(d2i_PBKDF2PARAM(nullptr, &next, static_cast<long>(parameters.size())));
  if (!pbkdf2) return false;
  const long wanted = ASN1_INTEGER_get(pbkdf2->iter);
  return wanted > 0 && wanted <= most_iterations;
}

// The content is "data" in AES-256-GCM. An attacker could name another cipher, one without authentication,
// under which the same key still decrypts something. OpenSSL 3.0 has no function that tells which cipher it
// is.
bool is_authenticated(CMS_ContentInfo* cms, std::string_view der) {
  if (OBJ_obj2nid(CMS_get0_eContentType(cms)) != NID_pkcs7_data) return false;
  const std::string_view algorithm = after_only(der, data_oid);  // SEQUENCE, its length, the cipher's OID
  return algorithm.size() > 2 && algorithm[0] == '\x30' && algorithm.substr(2).starts_with(aes_256_gcm_oid);
}

bool has_one_passphrase(CMS_ContentInfo* cms) {
  STACK_OF(CMS_RecipientInfo)* recipients = CMS_get0_RecipientInfos(cms);
  return recipients && sk_CMS_RecipientInfo_num(recipients) == 1 &&
         CMS_RecipientInfo_type(sk_CMS_RecipientInfo_value(recipients, 0)) == CMS_RECIPINFO_PASS;
}

CmsPtr parse(std::string_view bytes) {
  char* name = nullptr;
  char* header = nullptr;
  unsigned char* data = nullptr;
  long size = 0;
  if (PEM_read_bio(reader_of(bytes).get(), &name, &header, &data, &size) != 1) return nullptr;
  const unsigned char* next = data;
  CmsPtr cms(std::string_view(name) == PEM_STRING_CMS ? d2i_CMS_ContentInfo(nullptr, &next, size) : nullptr);
  OPENSSL_free(name);
  OPENSSL_free(header);
  OPENSSL_free(data);
  return cms;
}

bool is_as_we_make_them(CMS_ContentInfo* cms) {
  if (OBJ_obj2nid(CMS_get0_type(cms)) != NID_id_smime_ct_authEnvelopedData || !has_one_passphrase(cms))
    return false;
  const std::string der = der_of(cms);
  return has_bounded_iterations(der) && is_authenticated(cms, der);
}

// CMS keeps the passphrase and frees it itself.
bool add_passphrase(CMS_ContentInfo* cms, std::string_view passphrase) {
  auto* copy = static_cast<unsigned char*>(OPENSSL_memdup(passphrase.data(), passphrase.size()));
  if (copy && CMS_add0_recipient_password(cms, iterations, NID_undef, NID_undef, copy,
                                          static_cast<ossl_ssize_t>(passphrase.size()), EVP_aes_256_cbc())) {
    return true;
  }
  OPENSSL_clear_free(copy, passphrase.size());
  return false;
}

}  // namespace

bool is_encrypted_backup(std::string_view bytes) {
  // A tar archive has a member's name there, and no name of ours is such a line.
  const std::string_view start = bytes.substr(0, 4096);
  return start.starts_with(begin_line) ||
         start.find("\n" + std::string(begin_line)) != std::string_view::npos;
}

Result<std::string> encrypt_backup(std::string_view archive, std::string_view passphrase) {
  const CmsPtr cms(CMS_AuthEnvelopedData_create(EVP_aes_256_gcm()));
  const BioPtr out(BIO_new(BIO_s_mem()));
  const bool sealed = cms && out && CMS_set_detached(cms.get(), 0) == 1 &&
                      add_passphrase(cms.get(), passphrase) &&
                      CMS_final(cms.get(), reader_of(archive).get(), nullptr, CMS_BINARY) == 1;
  if (!sealed) return fail("cannot encrypt the backup: " + openssl_reason());
  const std::string der = der_of(cms.get());
  const auto* bytes = reinterpret_cast<const unsigned char*>(der.data());
  if (der.empty() ||
      PEM_write_bio(out.get(), PEM_STRING_CMS, "", bytes, static_cast<long>(der.size())) <= 0) {
    return fail("cannot encrypt the backup: " + openssl_reason());
  }
  return std::string(preamble) + content_of(out.get());
}

Result<std::string> decrypt_backup(std::string_view bytes, std::string_view passphrase) {
  if (bytes.size() > largest_encrypted_backup) return not_ours();
  const CmsPtr cms = parse(bytes);
  const bool accepted = cms && is_as_we_make_them(cms.get());
  ERR_clear_error();
  if (!accepted) return not_ours();
  std::string secret(passphrase);  // OpenSSL wants it writable
  const int opened = CMS_decrypt_set1_password(cms.get(), reinterpret_cast<unsigned char*>(secret.data()),
                                               static_cast<ossl_ssize_t>(secret.size()));
  OPENSSL_cleanse(secret.data(), secret.size());
  ERR_clear_error();
  if (opened != 1) return fail("wrong passphrase, or the encrypted backup is damaged");
  const BioPtr out(BIO_new(BIO_s_mem()));
  const bool decrypted = out && CMS_decrypt(cms.get(), nullptr, nullptr, nullptr, out.get(), CMS_BINARY) == 1;
  ERR_clear_error();
  if (!decrypted) return fail("the encrypted backup is damaged");
  return content_of(out.get());
}

}  // namespace pizwg
