#pragma once
// One session: moves bytes between the client and the gateway until one of them ends it. Whatever one read
// gives goes out at once, in one piece. Holds at most `block` bytes each way: a side that takes nothing stops
// the other side's reading, and is given up after stalled_peer_limit. Does not depend on what the bytes mean.

#include <array>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include <asio/io_context.hpp>
#include <asio/steady_timer.hpp>

#include "adapters/serial_port.h"
#include "adapters/tls_connection.h"
#include "base/lifetime.h"
#include "core/session_end.h"

namespace pizwg {

class Bridge {
 public:
  struct Counters {
    std::uint64_t bytes = 0;
    std::uint64_t records = 0;  // reads that gave something
  };
  struct Handlers {
    // The session is over: the bridge does nothing more. It must outlive this call.
    std::function<void(SessionEnd, const std::string& detail)> ended;
    // The port that was attached is gone; the bridge has let go of it.
    std::function<void()> gateway_gone;
  };

  // idle_limit 0: none.
  Bridge(asio::io_context& io, std::unique_ptr<TlsConnection> client, std::chrono::seconds idle_limit,
         Handlers handlers);
  ~Bridge();

  // The port must outlive the bridge, or be detached first. Without one, what the client says is dropped: a
  // line with nothing at its end. Bytes for an old gateway never reach a new one.
  void attach(SerialPort& gateway);
  void detach();

  // Closes the connection, with a goodbye where the client may hear it. Waits for nothing.
  void end(SessionEnd why, const std::string& detail = {});

  // Whether a handshake now would let this client in, its certificate being what it was.
  bool allowed_by(const PeerPolicy& policy) const { return client_->allowed_by(policy); }

  const std::string& client() const { return client_->verdict().peer.client; }
  const std::string& peer_address() const { return client_->peer_address(); }
  std::chrono::steady_clock::time_point started() const { return started_; }
  const Counters& from_client() const { return from_client_; }
  const Counters& from_gateway() const { return from_gateway_; }
  std::uint64_t dropped_bytes() const { return dropped_; }

 private:
  // 4 KiB: what a Linux tty holds, and 0.36 s of a 115200 baud line.
  static constexpr std::size_t block = 4096;

  // What was read from one side and is not yet written to the other.
  struct Pending {
    std::array<std::uint8_t, block> data;
    std::size_t begin = 0;
    std::size_t end = 0;

    bool empty() const { return begin == end; }
    Bytes bytes() const { return Bytes(data).subspan(begin, end - begin); }
    void filled(std::size_t bytes) { begin = 0, end = bytes; }
    void took(std::size_t bytes) { begin += bytes; }
    void clear() { begin = end = 0; }
  };
  enum class Progress { more, waiting };

  void pump_from_client();
  Progress read_client();
  Progress write_gateway();
  void pump_from_gateway();
  Progress read_gateway();
  Progress write_client();
  void wait_to_write_client(IoStatus what);
  void lose_gateway();
  Progress end_broken(const IoOutcome& outcome);

  void acknowledge_soon();
  void watch_idle();
  void watch_delivery();
  void watch_stall();

  std::unique_ptr<TlsConnection> client_;
  SerialPort* gateway_ = nullptr;
  std::chrono::seconds idle_limit_;
  Handlers handlers_;

  Pending to_gateway_;
  Pending to_client_;
  Counters from_client_;
  Counters from_gateway_;
  std::uint64_t dropped_ = 0;
  bool ended_ = false;

  std::chrono::steady_clock::time_point started_;
  std::chrono::steady_clock::time_point last_byte_;
  bool unacknowledged_ = false;  // nothing that we sent has carried an acknowledgement of what was read
  bool acknowledging_ = false;   // the timer runs
  asio::steady_timer acknowledge_timer_;
  asio::steady_timer idle_timer_;
  asio::steady_timer delivery_timer_;
  asio::steady_timer stall_timer_;
  Delivery delivery_ = Delivery::complete;  // as of the last look; while it is not complete, the timer runs
  bool gateway_blocked_ = false;            // to_gateway_ waits for the gateway to take more
  bool client_blocked_ = false;             // to_client_ waits for the client to take more
  Lifetime lifetime_;
};

}  // namespace pizwg
