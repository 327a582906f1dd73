#include "core/peer_policy.h"

#include <algorithm>

namespace pizwg {

std::expected<std::string, Refusal> judge(const PeerPolicy& policy, const PeerCertificate& peer,
                                          std::chrono::sys_seconds now) {
  if (std::ranges::find(policy.revoked, peer.der, &PinnedCertificate::der) != policy.revoked.end()) {
    return std::unexpected(Refusal::certificate_revoked);
  }
  const auto pinned = std::ranges::find(policy.allowed, peer.der, &PinnedCertificate::der);
  if (pinned == policy.allowed.end()) return std::unexpected(Refusal::certificate_unknown);
  if (peer.not_after < now) return std::unexpected(Refusal::certificate_expired);
  return pinned->client;
}

}  // namespace pizwg
