#pragma once
// When the certificates of an identity expire.

#include <vector>

#include "adapters/tls_context.h"
#include "core/host_status.h"

namespace pizwg {

// Ours, then the clients' that may connect. One that cannot be read is left out.
std::vector<CertificateStatus> certificate_statuses(const TlsContext& identity);

}  // namespace pizwg
