#pragma once
// Who may connect: certificate -> decision. A client is accepted when its certificate is, byte for byte, one
// of the allowed ones. Who signed it does not matter (a certificate signed with an allowed key is not an
// allowed certificate), nor what it is called. That the peer holds the certificate's key is TLS's to prove,
// not ours.

#include <chrono>
#include <cstdint>
#include <expected>
#include <string>
#include <string_view>
#include <vector>

#include "core/refusal.h"

namespace pizwg {

struct PinnedCertificate {
  std::string client;             // the identity that it proves
  std::vector<std::uint8_t> der;  // the certificate's bytes

  bool operator==(const PinnedCertificate&) const = default;
};

struct PeerPolicy {
  std::vector<PinnedCertificate> allowed;
  std::vector<PinnedCertificate> revoked;  // wins over `allowed`
  // The certificate that all hosts of a cluster share: who has its key is one of them. To a client several,
  // while the hosts change from one to the next. Empty: no host is accepted.
  std::vector<std::vector<std::uint8_t>> hosts{};

  bool operator==(const PeerPolicy&) const = default;
};

struct PeerCertificate {
  std::vector<std::uint8_t> der;
  std::chrono::sys_seconds not_after;
};

// Who somebody is that was accepted.
struct Peer {
  enum class Kind { client, host } kind = Kind::client;
  std::string client;  // the identity; empty for a host

  bool operator==(const Peer&) const = default;
};

// Who it is, or why it is refused. A certificate that is not valid *yet* is accepted: hosts
// have no clock at boot, and somebody pinned it, so it is the clock that is wrong.
std::expected<Peer, Refusal> judge(const PeerPolicy& policy, const PeerCertificate& peer,
                                   std::chrono::sys_seconds now);

}  // namespace pizwg
