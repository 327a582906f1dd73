#include "adapters/certificate_status.h"

#include <algorithm>
#include <openssl/x509.h>

#include "adapters/identity.h"
#include "adapters/openssl_handles.h"
#include "core/identity_paths.h"

namespace pizwg {
namespace {

using Kind = CertificateStatus::Kind;

constexpr std::size_t digits_shown = 16;

void add(std::vector<CertificateStatus>& statuses, Kind kind, std::string_view name,
         const std::vector<std::uint8_t>& der) {
  const unsigned char* bytes = der.data();
  const X509Ptr x509(d2i_X509(nullptr, &bytes, static_cast<long>(der.size())));
  if (!x509) return;
  const auto certificate = certificate_value(x509.get(), name);
  if (!certificate) return;
  statuses.push_back({.kind = kind,
                      .name = std::string(name),
                      .fingerprint = certificate->fingerprint.substr(0, digits_shown),
                      .expires = certificate->not_after});
}

bool is_revoked(const PeerPolicy& policy, const PinnedCertificate& certificate) {
  return std::ranges::find(policy.revoked, certificate.der, &PinnedCertificate::der) != policy.revoked.end();
}

}  // namespace

std::vector<CertificateStatus> certificate_statuses(const TlsContext& identity) {
  const PeerPolicy& policy = identity.policy();
  std::vector<CertificateStatus> statuses;
  add(statuses, Kind::server, server_name, identity.certificate());
  for (const PinnedCertificate& allowed : policy.allowed) {
    if (!is_revoked(policy, allowed)) add(statuses, Kind::client, allowed.client, allowed.der);
  }
  sort_certificates(statuses);
  return statuses;
}

}  // namespace pizwg
