#pragma once
// Why a session ended: one word for logs, metrics and documents alike.

#include <string_view>

namespace pizwg {

enum class SessionEnd {
  client_closed,    // the client said goodbye
  client_lost,      // the connection broke: reset, or bytes that are not TLS
  client_vanished,  // the client no longer answers, found by TCP keepalive and user timeout
  client_stalled,   // the client answers, but has read nothing for the stall limit
  superseded,       // the same client connected anew
  revoked,          // the client's certificate was revoked, or is no longer allowed
  idle,             // no byte in either direction for the idle limit
  gateway_lost,     // the gateway left and did not come back within its grace
  gateway_stalled,  // the gateway is there, but has taken nothing for the stall limit
  role_lost,        // this host is no longer master
  handover,         // the operator switched to another host
  maintenance,      // the operator took this host out of service
  shutdown,         // pizwgd was told to stop
};

// E.g. "client-vanished".
std::string_view word_for(SessionEnd why);

}  // namespace pizwg
