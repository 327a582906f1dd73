#pragma once
// One TLS connection on a TCP socket: bytes in and out without ever blocking, readiness by the event loop.
// Knows nothing of what the bytes mean. Closing never waits for the other side.

#include <functional>
#include <string>

#include <asio/ip/tcp.hpp>

#include "adapters/tcp_options.h"
#include "adapters/tls_context.h"
#include "base/io.h"
#include "base/lifetime.h"

namespace pizwg {

class TlsConnection {
 public:
  using Handler = std::function<void()>;

  // The socket becomes non-blocking, and gets the options of adapters/tcp_options.h. There is no TLS state
  // before the handshake begins: a peer that stays silent costs a socket and no more.
  enum class End { server, client };
  explicit TlsConnection(asio::ip::tcp::socket socket, End end = End::server);

  // One step of the handshake. The first one decides on the context; later ones do not look at
  // it.
  IoOutcome handshake(const TlsContext& context);
  IoOutcome read(Buffer buffer);
  // Partial writes happen. After want_read or want_write the next write must begin with the same bytes.
  IoOutcome write(Bytes bytes);

  // To be called when what was read is on its way: see acknowledge_now() in adapters/tcp_options.h.
  void acknowledge();

  // True when bytes are waiting inside: the socket's readiness will not tell of them.
  bool has_pending() const { return SSL_has_pending(ssl_.get()) == 1; }

  // Calls back once, when the socket is readable or writable or broken.
  void when_readable(Handler handler);
  void when_writable(Handler handler);

  // Says goodbye if that is possible without waiting, and closes.
  void close();
  // Says goodbye, but stays open for reading, so that what the peer still sends does not make TCP take back
  // our last words (an alert). To be followed by discard_input() until that says closed, and close().
  void finish_sending();
  IoStatus discard_input();
  // Closes with a TCP reset: for a peer that is dead or not to be bothered with.
  void abort();

  // After a write, about every second until it says complete: sees to it that a peer that vanishes with our
  // bytes on the way is found.
  Delivery watch_delivery();
  // How soon a peer that vanishes is found, from now on.
  void set_limits(const PeerLimits& limits);

  std::chrono::microseconds round_trip();

  // Our own address of it; empty when the connection has gone.
  std::string local_address() const;

  // Whether a handshake now would accept this peer, too.
  bool allowed_by(const PeerPolicy& policy) const;
  const PeerVerdict& verdict() const { return verdict_; }
  // "192.0.2.7:51234", also when the connection has gone.
  const std::string& peer_address() const { return peer_address_; }

 private:
  void when_ready(asio::ip::tcp::socket::wait_type direction, Handler handler);
  IoOutcome outcome_of(int result);
  void say_goodbye();

  asio::ip::tcp::socket socket_;
  End end_;
  PeerLimits limits_;
  PeerVerdict verdict_;
  SslPtr ssl_;
  std::string peer_address_;
  Lifetime lifetime_;
};

}  // namespace pizwg
