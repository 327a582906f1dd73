#pragma once
// Our side of TLS as a value: our key and certificate, and whom we accept. TLS 1.3, and 1.2 with
// AEAD suites only; the peer's certificate is required and judged by core/peer_policy.h while the handshake
// runs, so that a refusal reaches the peer as a TLS alert. No session resumption: every session proves its
// certificate anew.

#include <memory>
#include <openssl/ssl.h>
#include <string_view>

#include "adapters/openssl_handles.h"
#include "base/error.h"
#include "core/peer_policy.h"

namespace pizwg {

using SslContextPtr = std::unique_ptr<SSL_CTX, Release<SSL_CTX_free>>;
using SslPtr = std::unique_ptr<SSL, Release<SSL_free>>;

// What the handshake found out about the peer; a connection hangs one on its SSL object (SSL_set_app_data).
struct PeerVerdict {
  Peer peer;                // who it is, when accepted
  std::string common_name;  // what the certificate calls itself: the peer's word, for logs only
  bool judged = false;
  bool accepted = false;
  Refusal refusal = Refusal::certificate_missing;  // when not accepted
};

class TlsContext {
 public:
  // The PEM texts are our private key and certificate; they must belong together.
  static Result<TlsContext> make(std::string_view key_pem, std::string_view certificate_pem,
                                 PeerPolicy policy);

  // A server's end of a connection on a non-blocking socket, before its handshake. Null when out of memory.
  SslPtr accept_on(int socket, PeerVerdict& verdict) const;
  // The same for the end that connected.
  SslPtr connect_on(int socket, PeerVerdict& verdict) const;

  const PeerPolicy& policy() const;
  // Ours, in DER.
  std::vector<std::uint8_t> certificate() const;
  // Whether both present the same certificate and accept the same peers.
  bool same_as(const TlsContext& other) const;

 private:
  explicit TlsContext(SslContextPtr context) : context_(std::move(context)) {}
  SslPtr open_on(int socket, PeerVerdict& verdict) const;

  SslContextPtr context_;  // owns the policy, too: connections keep the context that they began with
};

// What the policy says of the certificate that a peer has shown.
std::expected<Peer, Refusal> judge_peer_of(const SSL* ssl, const PeerPolicy& policy);

// The reasons on OpenSSL's error queue as one text, and the queue emptied; "" when there are none.
std::string take_openssl_errors();

}  // namespace pizwg
