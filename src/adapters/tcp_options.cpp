#include "adapters/tcp_options.h"

#include <linux/sockios.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <optional>
#include <sys/ioctl.h>
#include <sys/socket.h>

namespace pizwg {
namespace {

void set(int socket, int level, int option, int value) {
  ::setsockopt(socket, level, option, &value, sizeof value);
}

void set_user_timeout(int socket, std::chrono::milliseconds limit) {
  set(socket, IPPROTO_TCP, TCP_USER_TIMEOUT, static_cast<int>(limit.count()));
}

// Bytes that the peer has not acknowledged, sent or not.
int bytes_on_the_way(int socket) {
  int bytes = 0;
  return ::ioctl(socket, SIOCOUTQ, &bytes) == 0 ? bytes : 0;
}

std::optional<tcp_info> info_of(int socket) {
  tcp_info info{};
  socklen_t size = sizeof info;
  if (::getsockopt(socket, IPPROTO_TCP, TCP_INFO, &info, &size) != 0) return std::nullopt;
  return info;
}

// All that was sent is acknowledged, yet there is more to send.
bool window_is_closed(int socket) {
  const auto info = info_of(socket);
  return info && info->tcpi_unacked == 0;
}

}  // namespace

void set_buffer_sizes(int socket) {
  set(socket, SOL_SOCKET, SO_SNDBUF, socket_buffer_bytes);
  set(socket, SOL_SOCKET, SO_RCVBUF, socket_buffer_bytes);
}

void set_session_options(int socket, const PeerLimits& limits) {
  set(socket, IPPROTO_TCP, TCP_NODELAY, 1);
  set(socket, SOL_SOCKET, SO_KEEPALIVE, 1);
  // By default probes after 2, 3 and 4 s of silence; the one at 4 s ends it (the user timeout rules, not the
  // count).
  set(socket, IPPROTO_TCP, TCP_KEEPIDLE, static_cast<int>(limits.probe_after.count()));
  set(socket, IPPROTO_TCP, TCP_KEEPINTVL, 1);
  set(socket, IPPROTO_TCP, TCP_KEEPCNT, 2);
  set_user_timeout(socket, limits.silent);
}

void acknowledge_now(int socket) {
  set(socket, IPPROTO_TCP, TCP_QUICKACK, 1);
}

std::chrono::microseconds round_trip(int socket) {
  const auto info = info_of(socket);
  return std::chrono::microseconds(info ? info->tcpi_rtt : 0);
}

Delivery adapt_user_timeout(int socket, const PeerLimits& limits) {
  if (bytes_on_the_way(socket) == 0) {
    set_user_timeout(socket, limits.silent);
    return Delivery::complete;
  }
  if (window_is_closed(socket)) {
    set_user_timeout(socket, stalled_peer_limit);
    return Delivery::window_closed;
  }
  set_user_timeout(socket, limits.unanswered);
  return Delivery::on_the_way;
}

}  // namespace pizwg
