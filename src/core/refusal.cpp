#include "core/refusal.h"

namespace pizwg {

std::string_view word_for(Refusal refusal) {
  switch (refusal) {
    case Refusal::certificate_missing:
      return "certificate-missing";
    case Refusal::certificate_unknown:
      return "certificate-unknown";
    case Refusal::certificate_revoked:
      return "certificate-revoked";
    case Refusal::certificate_expired:
      return "certificate-expired";
    case Refusal::handshake_failed:
      return "handshake-failed";
    case Refusal::handshake_abandoned:
      return "handshake-abandoned";
    case Refusal::handshake_timeout:
      return "handshake-timeout";
    case Refusal::too_many_connections:
      return "too-many-connections";
    case Refusal::session_busy:
      return "session-busy";
  }
  return "";
}

}  // namespace pizwg
