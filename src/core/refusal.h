#pragma once
// Why a connection did not become a session: one word for logs, metrics and documents alike.

#include <string_view>

namespace pizwg {

enum class Refusal {
  certificate_missing,
  certificate_unknown,  // not one of the allowed certificates
  certificate_revoked,
  certificate_expired,
  handshake_failed,     // not TLS, a version or cipher that we do not speak, or the client did not like us
  handshake_abandoned,  // the client went away before it was authenticated
  handshake_timeout,
  too_many_connections,  // dropped to make room: see core/admission.h
  session_busy,          // another client's session lives
};

// E.g. "certificate-revoked".
std::string_view word_for(Refusal refusal);

}  // namespace pizwg
