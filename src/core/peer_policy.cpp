#include "core/peer_policy.h"

#include <algorithm>

namespace pizwg {

std::expected<Peer, Refusal> judge(const PeerPolicy& policy, const PeerCertificate& peer,
                                   std::chrono::sys_seconds now) {
  if (std::ranges::find(policy.revoked, peer.der, &PinnedCertificate::der) != policy.revoked.end()) {
    return std::unexpected(Refusal::certificate_revoked);
  }
  const bool is_host = std::ranges::find(policy.hosts, peer.der) != policy.hosts.end();
  const auto pinned = std::ranges::find(policy.allowed, peer.der, &PinnedCertificate::der);
  if (!is_host && pinned == policy.allowed.end()) return std::unexpected(Refusal::certificate_unknown);
  if (peer.not_after < now) return std::unexpected(Refusal::certificate_expired);
  if (is_host) return Peer{.kind = Peer::Kind::host, .client = {}};
  return Peer{.kind = Peer::Kind::client, .client = pinned->client};
}

}  // namespace pizwg
