#pragma once
// How a session's TCP socket behaves: no delay, little buffering, and a dead peer found within seconds.

#include <chrono>

namespace pizwg {

// A vanished peer is found after this long, whether or not data is on the way.
inline constexpr std::chrono::seconds dead_peer_limit{4};
// A peer that answers but reads nothing for this long is given up.
inline constexpr std::chrono::seconds stalled_peer_limit{30};

// How soon a vanished peer is found. The server's end is patient: a session that ends costs more than a few
// seconds.
struct PeerLimits {
  std::chrono::seconds probe_after{2};                     // of silence, then every second
  std::chrono::milliseconds silent = dead_peer_limit;      // an idle line
  std::chrono::milliseconds unanswered = dead_peer_limit;  // data on the way
};
// The client's: it stands between an application and the next master. Two probes, after 1 and 2 s, go
// unanswered; with data on the way TCP has repeated it three times by then.
inline constexpr PeerLimits client_limits{.probe_after = std::chrono::seconds(1),
                                          .silent = std::chrono::milliseconds(2900),
                                          .unanswered = std::chrono::milliseconds(2000)};

// Kernel buffers, each way. The kernel doubles it for its own bookkeeping. Small, so that a stalled reader
// finds little stale data: 16 KiB are 1.4 s of a 115200 baud line.
inline constexpr int socket_buffer_bytes = 16 * 1024;

// For a listening socket, before listen(): connections inherit it, and the window is negotiated from it.
void set_buffer_sizes(int socket);

// For a connection. Failures are not worth a connection and are ignored: each option is an improvement.
void set_session_options(int socket, const PeerLimits& limits = {});

// Acknowledges what has arrived now instead of up to 40 ms later. A client without TCP_NODELAY (the socat of
// the first PiZWG's instructions) holds its next bytes back until then. It does not last: to be called after
// every read.
void acknowledge_now(int socket);

// The smoothed round trip, as TCP measured it; 0 when it does not know.
std::chrono::microseconds round_trip(int socket);

enum class Delivery { complete, on_the_way, window_closed };

// TCP's user timeout does not tell a peer that is gone from one that has stopped reading (its window is
// closed, but it acknowledges our probes): both end after the same time. So it is dead_peer_limit by default
// and, while the window is closed, stalled_peer_limit. To be called about every second until delivery is
// complete.
Delivery adapt_user_timeout(int socket, const PeerLimits& limits = {});

}  // namespace pizwg
