#pragma once
// When the certificates of an identity expire.

#include <vector>

#include "core/host_status.h"
#include "core/peer_policy.h"

namespace pizwg {

// Ours, then the clients' that may connect. One that cannot be read is left out.
std::vector<CertificateStatus> certificate_statuses(const PeerPolicy& policy);

}  // namespace pizwg
