#include "adapters/tls_context.h"

#include <chrono>
#include <openssl/err.h>
#include <openssl/pem.h>

#include "adapters/identity.h"
#include "adapters/openssl_handles.h"

namespace pizwg {
namespace {

// The policy lives and dies with its SSL_CTX.
void free_policy(void*, void* policy, CRYPTO_EX_DATA*, int, long, void*) {
  delete static_cast<PeerPolicy*>(policy);
}

int policy_slot() {
  static const int slot = SSL_CTX_get_ex_new_index(0, nullptr, nullptr, nullptr, free_policy);
  return slot;
}

const PeerPolicy& policy_of(const SSL_CTX* context) {
  return *static_cast<const PeerPolicy*>(SSL_CTX_get_ex_data(context, policy_slot()));
}

// OpenSSL turns these into the alert that the peer gets.
int verify_error_for(Refusal refusal) {
  if (refusal == Refusal::certificate_revoked) return X509_V_ERR_CERT_REVOKED;
  if (refusal == Refusal::certificate_expired) return X509_V_ERR_CERT_HAS_EXPIRED;
  return X509_V_ERR_CERT_UNTRUSTED;
}

std::expected<Peer, Refusal> judge_certificate(X509* certificate, const PeerPolicy& policy) {
  const auto peer = certificate_value(certificate, "a hello");
  if (!peer) return std::unexpected(Refusal::certificate_unknown);
  const auto now = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
  return judge(policy, {.der = peer->der, .not_after = peer->not_after}, now);
}

// Called by OpenSSL in the place of its own chain verification.
int judge_peer(X509_STORE_CTX* store, void*) {
  const SSL* ssl = static_cast<SSL*>(X509_STORE_CTX_get_ex_data(store, SSL_get_ex_data_X509_STORE_CTX_idx()));
  X509* certificate = X509_STORE_CTX_get0_cert(store);
  auto* verdict = static_cast<PeerVerdict*>(SSL_get_app_data(ssl));
  verdict->judged = true;
  if (const auto shown = certificate_value(certificate, "a hello")) verdict->common_name = shown->common_name;
  auto peer = judge_certificate(certificate, policy_of(SSL_get_SSL_CTX(ssl)));
  verdict->accepted = peer.has_value();
  if (peer) {
    verdict->peer = std::move(*peer);
    return 1;
  }
  verdict->refusal = peer.error();
  X509_STORE_CTX_set_error(store, verify_error_for(peer.error()));
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
  SSL_CTX_set_max_cert_list(context, 16384L);
  SSL_CTX_set_verify(context, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, nullptr);
  SSL_CTX_set_cert_verify_callback(context, judge_peer, nullptr);
}

void set_io(SSL_CTX* context) {
  SSL_CTX_set_mode(context, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER |
                                SSL_MODE_RELEASE_BUFFERS);
  SSL_CTX_set_read_ahead(context, 1);  // a record in one read() instead of two
}

constexpr const char* restore_hint = "restore the identity with pizwg restore";

std::unexpected<Error> openssl_failure(std::string_view what, std::string hint) {
  return fail_with(what, Error{take_openssl_errors(), std::move(hint)});
}

}  // namespace

std::expected<Peer, Refusal> judge_peer_of(const SSL* ssl, const PeerPolicy& policy) {
  return judge_certificate(SSL_get0_peer_certificate(ssl), policy);
}

std::string take_openssl_errors() {
  std::string text;
  while (const unsigned long code = ERR_get_error()) {
    const char* reason = ERR_reason_error_string(code);
    if (!text.empty()) text += ", ";
    text += reason != nullptr ? reason : "error " + std::to_string(code);
  }
  return text;
}

Result<TlsContext> TlsContext::make(std::string_view key_pem, std::string_view certificate_pem,
                                    PeerPolicy policy) {
  ERR_clear_error();
  SslContextPtr context(SSL_CTX_new(TLS_method()));
  if (!context) return openssl_failure("cannot set up TLS", "");
  const KeyPtr key(PEM_read_bio_PrivateKey(
      reader_of(key_pem).get(), nullptr, [](char*, int, int, void*) { return 0; }, nullptr));
  if (!key || SSL_CTX_use_PrivateKey(context.get(), key.get()) != 1) {
    return openssl_failure("cannot use the private key", restore_hint);
  }
  const X509Ptr certificate(PEM_read_bio_X509(reader_of(certificate_pem).get(), nullptr, nullptr, nullptr));
  if (!certificate || SSL_CTX_use_certificate(context.get(), certificate.get()) != 1 ||
      SSL_CTX_check_private_key(context.get()) != 1) {
    return openssl_failure("cannot use the certificate", restore_hint);
  }
  set_protocol(context.get());
  set_io(context.get());
  SSL_CTX_set_ex_data(context.get(), policy_slot(),
                      std::make_unique<PeerPolicy>(std::move(policy)).release());
  return TlsContext(std::move(context));
}

SslPtr TlsContext::open_on(int socket, PeerVerdict& verdict) const {
  SslPtr ssl(SSL_new(context_.get()));
  if (!ssl || SSL_set_fd(ssl.get(), socket) != 1) return nullptr;
  SSL_set_app_data(ssl.get(), &verdict);
  return ssl;
}

SslPtr TlsContext::accept_on(int socket, PeerVerdict& verdict) const {
  SslPtr ssl = open_on(socket, verdict);
  if (ssl) SSL_set_accept_state(ssl.get());
  return ssl;
}

SslPtr TlsContext::connect_on(int socket, PeerVerdict& verdict) const {
  SslPtr ssl = open_on(socket, verdict);
  if (ssl) SSL_set_connect_state(ssl.get());
  return ssl;
}

std::vector<std::uint8_t> TlsContext::certificate() const {
  const auto own = certificate_value(SSL_CTX_get0_certificate(context_.get()), "our own");
  return own ? own->der : std::vector<std::uint8_t>();
}

const PeerPolicy& TlsContext::policy() const {
  return policy_of(context_.get());
}

bool TlsContext::same_as(const TlsContext& other) const {
  return policy() == other.policy() && X509_cmp(SSL_CTX_get0_certificate(context_.get()),
                                                SSL_CTX_get0_certificate(other.context_.get())) == 0;
}

}  // namespace pizwg
