#pragma once
// Moves bytes between the application and the session with the server, as far as both are there. Each
// direction reads only when nothing is pending; with framing, only whole frames pass. Nothing of one session
// gets into the next: at a gap what is pending is dropped, except the rest of a frame that the application
// has the beginning of. A driver whose stick has said before that it started is told so again when the next
// session begins: what it waits for from the last one never comes, and now it says it anew instead. To
// others, what they said meanwhile is kept for a moment (core/held_units.h). Decides nothing about sessions
// or ports.

#include <array>
#include <cstdint>
#include <functional>

#include <asio/io_context.hpp>
#include <asio/steady_timer.hpp>

#include "adapters/tls_connection.h"
#include "base/lifetime.h"
#include "connect/endpoint.h"
#include "core/connect_config.h"
#include "core/held_units.h"
#include "core/unit_buffer.h"
#include "core/zwave_framing.h"

namespace pizwg {

class Relay {
 public:
  struct Counters {
    std::uint64_t to_server = 0;  // bytes
    std::uint64_t from_server = 0;
    std::uint64_t dropped = 0;  // of the application's, for want of a session
    std::uint64_t unread = 0;   // of the server's, by an application that reads nothing
  };
  using Broken = std::function<void(const IoOutcome&)>;

  // `broken`: the session's connection is at its end; detach() is to follow.
  Relay(asio::io_context& io, Framing framing, Broken broken);

  // A session begins; its connection must outlive it.
  void attach(TlsConnection& server);
  void detach_server();

  // An application is there; its endpoint must outlive that.
  void attach(Endpoint& application);
  // It is leaving: what it said last is passed on as far as that goes without waiting.
  void detach_application();
  const Endpoint* application() const { return application_; }

  Counters counters();

 private:
  enum class Progress { more, waiting };
  static constexpr std::size_t block = 4096;

  void pump_from_application();
  Progress read_application();
  Progress write_server();
  void server_takes();
  void frame_from_application(Bytes bytes);
  void pump_from_server();
  Progress read_server();
  Progress write_application();
  void frame(ZwaveFraming& framing, Bytes bytes, UnitBuffer& out) const;
  void wait_for_application();
  void application_takes();
  void application_stalled();
  void watch_delivery();
  void say_that_the_stick_started();
  void restart();

  asio::io_context& io_;
  const Framing framing_;
  Broken broken_;
  TlsConnection* server_ = nullptr;
  Endpoint* application_ = nullptr;
  ZwaveFraming from_application_framing_;
  ZwaveFraming from_server_framing_;
  UnitBuffer to_server_;
  UnitBuffer to_application_;
  bool start_is_owed_ = false;  // a session whose server spoke has ended, and no application was told since
  bool heard_ = false;          // whether the session's server said anything
  HeldUnits held_;
  Counters counters_;
  asio::steady_timer delivery_timer_;
  bool watching_delivery_ = false;
  asio::steady_timer stall_timer_;
  bool stalled_ = false;  // what comes is dropped until the application takes some
  std::array<std::uint8_t, block> piece_;
  // What each direction waits for; renewed when that is no longer of interest.
  Lifetime up_;
  Lifetime down_;
};

}  // namespace pizwg
