#include "adapters/tls_context.h"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include <chrono>
#include <ctime>

namespace pizwg {
namespace {

struct BioDeleter {
  void operator()(BIO* bio) const { BIO_free(bio); }
};
struct KeyDeleter {
  void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
};
struct CertificateDeleter {
  void operator()(X509* certificate) const { X509_free(certificate); }
};

std::unique_ptr<BIO, BioDeleter> bio_of(std::string_view text) {
  return std::unique_ptr<BIO, BioDeleter>(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())));
}

// The policy lives and dies with its SSL_CTX.
void free_policy(void*, void* policy, CRYPTO_EX_DATA*, int, long, void*) { delete static_cast<PeerPolicy*>(policy); }

int policy_slot() {
  static const int slot = SSL_CTX_get_ex_new_index(0, nullptr, nullptr, nullptr, free_policy);
  return slot;
}

const PeerPolicy& policy_of(const SSL_CTX* context) {
  return *static_cast<const PeerPolicy*>(SSL_CTX_get_ex_data(context, policy_slot()));
}

std::string der_of(X509* certificate) {
  unsigned char* der = nullptr;
  const int size = i2d_X509(certificate, &der);
  if (size < 0) return {};
  std::string out(reinterpret_cast<const char*>(der), static_cast<std::size_t>(size));
  OPENSSL_free(der);
  return out;
}

// A time that cannot be read counts as long past.
std::chrono::sys_seconds not_after_of(const X509* certificate) {
  std::tm time{};
  if (ASN1_TIME_to_tm(X509_get0_notAfter(certificate), &time) != 1) return {};
  return std::chrono::sys_seconds(std::chrono::seconds(timegm(&time)));
}

std::string common_name_of(X509* certificate) {
  char name[256] = "";
  X509_NAME_get_text_by_NID(X509_get_subject_name(certificate), NID_commonName, name, sizeof name);
  return name;
}

// OpenSSL turns these into the alert that the peer gets.
int verify_error_for(Refusal refusal) {
  if (refusal == Refusal::certificate_revoked) return X509_V_ERR_CERT_REVOKED;
  if (refusal == Refusal::certificate_expired) return X509_V_ERR_CERT_HAS_EXPIRED;
  return X509_V_ERR_CERT_UNTRUSTED;
}

// Called by OpenSSL in the place of its own chain verification.
int judge_peer(X509_STORE_CTX* store, void*) {
  const SSL* ssl =
      static_cast<SSL*>(X509_STORE_CTX_get_ex_data(store, SSL_get_ex_data_X509_STORE_CTX_idx()));
  X509* certificate = X509_STORE_CTX_get0_cert(store);
  auto* verdict = static_cast<PeerVerdict*>(SSL_get_app_data(ssl));
  verdict->judged = true;
  verdict->common_name = common_name_of(certificate);
  const auto now = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
  const PeerCertificate peer{.der = der_of(certificate), .not_after = not_after_of(certificate)};
  auto client = judge(policy_of(SSL_get_SSL_CTX(ssl)), peer, now);
  if (client) {
    verdict->client = std::move(*client);
    return 1;
  }
  verdict->refusal = client.error();
  X509_STORE_CTX_set_error(store, verify_error_for(client.error()));
  return 0;
}

void set_protocol(SSL_CTX* context) {
  SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION);
  SSL_CTX_set_cipher_list(context, "ECDHE+AESGCM:ECDHE+CHACHA20");
  SSL_CTX_set_options(context, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION | SSL_OP_NO_TICKET |
                                   SSL_OP_PRIORITIZE_CHACHA | SSL_OP_CIPHER_SERVER_PREFERENCE);
  SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
  SSL_CTX_set_num_tickets(context, 0);
  // A client's certificate is 0.5 to 2 KiB; OpenSSL's own limit of 100 KiB is only good for an attacker.
  SSL_CTX_set_max_cert_list(context, 16 * 1024);
  SSL_CTX_set_verify(context, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, nullptr);
  SSL_CTX_set_cert_verify_callback(context, judge_peer, nullptr);
}

void set_io(SSL_CTX* context) {
  SSL_CTX_set_mode(context, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER |
                                SSL_MODE_RELEASE_BUFFERS);
  SSL_CTX_set_read_ahead(context, 1);  // a record in one read() instead of two
}

std::unexpected<Error> openssl_failure(std::string_view what, std::string hint) {
  return fail_with(what, Error{take_openssl_errors(), std::move(hint)});
}

}  // namespace

std::string take_openssl_errors() {
  std::string text;
  while (const unsigned long code = ERR_get_error()) {
    const char* reason = ERR_reason_error_string(code);
    if (!text.empty()) text += ", ";
    text += reason != nullptr ? reason : "error " + std::to_string(code);
  }
  return text;
}

Result<TlsContext> TlsContext::make(std::string_view key_pem, std::string_view certificate_pem, PeerPolicy policy) {
  ERR_clear_error();
  SslContextPtr context(SSL_CTX_new(TLS_server_method()));
  if (!context) return openssl_failure("cannot set up TLS", "");
  const std::unique_ptr<EVP_PKEY, KeyDeleter> key(
      PEM_read_bio_PrivateKey(bio_of(key_pem).get(), nullptr, [](char*, int, int, void*) { return 0; }, nullptr));
  if (!key || SSL_CTX_use_PrivateKey(context.get(), key.get()) != 1) {
    return openssl_failure("cannot use the server's key", "restore the identity with pizwg restore");
  }
  const std::unique_ptr<X509, CertificateDeleter> certificate(
      PEM_read_bio_X509(bio_of(certificate_pem).get(), nullptr, nullptr, nullptr));
  if (!certificate || SSL_CTX_use_certificate(context.get(), certificate.get()) != 1 ||
      SSL_CTX_check_private_key(context.get()) != 1) {
    return openssl_failure("cannot use the server's certificate", "restore the identity with pizwg restore");
  }
  set_protocol(context.get());
  set_io(context.get());
  SSL_CTX_set_ex_data(context.get(), policy_slot(), std::make_unique<PeerPolicy>(std::move(policy)).release());
  return TlsContext(std::move(context));
}

SslPtr TlsContext::accept_on(int socket, PeerVerdict& verdict) const {
  SslPtr ssl(SSL_new(context_.get()));
  if (!ssl || SSL_set_fd(ssl.get(), socket) != 1) return nullptr;
  SSL_set_app_data(ssl.get(), &verdict);
  SSL_set_accept_state(ssl.get());
  return ssl;
}

const PeerPolicy& TlsContext::policy() const { return policy_of(context_.get()); }

}  // namespace pizwg
