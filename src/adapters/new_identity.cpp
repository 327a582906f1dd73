#include "adapters/new_identity.h"

#include <openssl/pem.h>

#include "adapters/openssl_handles.h"

namespace pizwg {
namespace {

// RFC 5280 allows 20 octets; 128 random bits are unique without a record of those given out.
constexpr int serial_bits = 128;

KeyPtr make_key(KeyType type) {
  switch (type) {
    case KeyType::p256:
      return KeyPtr(EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", "P-256"));
    case KeyType::rsa4096:
      return KeyPtr(EVP_PKEY_Q_keygen(nullptr, nullptr, "RSA", std::size_t{4096}));
  }
  return nullptr;
}

bool set_serial(X509* certificate) {
  const BignumPtr serial(BN_new());
  return serial && BN_rand(serial.get(), serial_bits, BN_RAND_TOP_ANY, BN_RAND_BOTTOM_ANY) == 1 &&
         BN_to_ASN1_INTEGER(serial.get(), X509_get_serialNumber(certificate)) != nullptr;
}

bool set_name(X509* certificate, const std::string& common_name) {
  X509_NAME* name = X509_get_subject_name(certificate);
  const auto* bytes = reinterpret_cast<const unsigned char*>(common_name.data());
  return X509_NAME_add_entry_by_NID(name, NID_commonName, MBSTRING_ASC, bytes,
                                    static_cast<int>(common_name.size()), -1, 0) == 1 &&
         X509_set_issuer_name(certificate, name) == 1;
}

// ASN1_TIME_set() chooses UTCTime or GeneralizedTime as RFC 5280 wants.
bool set_validity(X509* certificate, const IdentityRequest& request) {
  return ASN1_TIME_set(X509_getm_notBefore(certificate), request.not_before.time_since_epoch().count()) &&
         ASN1_TIME_set(X509_getm_notAfter(certificate), request.not_after.time_since_epoch().count());
}

bool add_extension(X509* certificate, int nid, const std::string& value) {
  X509V3_CTX context;
  X509V3_set_ctx_nodb(&context);
  X509V3_set_ctx(&context, certificate, certificate, nullptr, nullptr, 0);
  const ExtensionPtr extension(X509V3_EXT_conf_nid(nullptr, &context, nid, value.c_str()));
  return extension && X509_add_ext(certificate, extension.get(), -1) == 1;
}

bool add_extensions(X509* certificate, const IdentityRequest& request) {
  const char* use = request.use == CertificateUse::server ? "serverAuth" : "clientAuth";
  return add_extension(certificate, NID_basic_constraints, "critical,CA:FALSE") &&
         add_extension(certificate, NID_key_usage, "critical,digitalSignature") &&
         add_extension(certificate, NID_ext_key_usage, use) &&
         add_extension(certificate, NID_subject_alt_name, "DNS:" + request.common_name) &&
         add_extension(certificate, NID_subject_key_identifier, "hash");
}

X509Ptr make_certificate(EVP_PKEY* key, const IdentityRequest& request) {
  X509Ptr certificate(X509_new());
  const bool made =
      certificate && X509_set_version(certificate.get(), X509_VERSION_3) == 1 &&
      set_serial(certificate.get()) && set_name(certificate.get(), request.common_name) &&
      set_validity(certificate.get(), request) && X509_set_pubkey(certificate.get(), key) == 1 &&
      add_extensions(certificate.get(), request) && X509_sign(certificate.get(), key, EVP_sha256()) > 0;
  return made ? std::move(certificate) : nullptr;
}

}  // namespace

Result<NewIdentity> make_identity(const IdentityRequest& request) {
  const auto failed = [] { return fail("cannot make a key and certificate: " + openssl_reason()); };
  const KeyPtr key = make_key(request.key);
  if (!key) return failed();
  const X509Ptr certificate = make_certificate(key.get(), request);
  if (!certificate) return failed();
  // Secure memory is cleansed when it is freed.
  const BioPtr key_text(BIO_new(BIO_s_secmem()));
  const BioPtr certificate_text(BIO_new(BIO_s_mem()));
  if (!key_text || !certificate_text ||
      PEM_write_bio_PrivateKey(key_text.get(), key.get(), nullptr, nullptr, 0, nullptr, nullptr) != 1 ||
      PEM_write_bio_X509(certificate_text.get(), certificate.get()) != 1) {
    return failed();
  }
  return NewIdentity{content_of(key_text.get()), content_of(certificate_text.get())};
}

}  // namespace pizwg
