#include "core/session_end.h"

namespace pizwg {

std::string_view word_for(SessionEnd why) {
  switch (why) {
    case SessionEnd::client_closed:
      return "client-closed";
    case SessionEnd::client_lost:
      return "client-lost";
    case SessionEnd::client_vanished:
      return "client-vanished";
    case SessionEnd::client_stalled:
      return "client-stalled";
    case SessionEnd::superseded:
      return "superseded";
    case SessionEnd::revoked:
      return "revoked";
    case SessionEnd::idle:
      return "idle";
    case SessionEnd::gateway_lost:
      return "gateway-lost";
    case SessionEnd::gateway_stalled:
      return "gateway-stalled";
    case SessionEnd::role_lost:
      return "role-lost";
    case SessionEnd::handover:
      return "handover";
    case SessionEnd::maintenance:
      return "maintenance";
    case SessionEnd::shutdown:
      return "shutdown";
  }
  return "";
}

}  // namespace pizwg
