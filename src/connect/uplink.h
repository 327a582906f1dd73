#pragma once
// The one session with the server, for ever: made, watched, and made anew. Says once what is wrong, and again
// only when that changes. Moves no byte: whoever reads and writes the connection says when it broke.

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include <asio/io_context.hpp>
#include <asio/steady_timer.hpp>

#include "adapters/neighbour_watch.h"
#include "adapters/network.h"
#include "adapters/tls_client.h"
#include "adapters/tls_context.h"
#include "base/lifetime.h"
#include "core/host_address.h"
#include "core/reconnect_schedule.h"

namespace pizwg {

class Uplink {
 public:
  struct Handlers {
    std::function<void(TlsConnection&)> connected;
    std::function<void()> disconnected;  // the connection is about to go
    std::function<void()> changed;       // what state() says, for people
    // At the start, no host was of use and each needs somebody's help: this is what it wants.
    std::function<void(const Error&)> hopeless;
  };
  struct State {
    bool connected = false;
    std::string server;   // of the session, or the one that was tried last
    std::string trouble;  // why there is none; "" when there is one
    std::string hint;
    std::uint64_t sessions = 0;
    std::chrono::milliseconds outage{0};  // all of them, the one of now included
    std::chrono::microseconds round_trip{0};
  };

  Uplink(asio::io_context& io, std::vector<HostAddress> hosts, TlsContext identity, Handlers handlers);

  void start();
  void stop();

  // From the next session on; the one that lives is ended if its server would not be accepted any more.
  void use(TlsContext identity);

  // A read or write of the connection said that it is over.
  void broke(const IoOutcome& outcome);

  State state() const;

 private:
  using Clock = std::chrono::steady_clock;

  const HostAddress& host() const { return hosts_[turn_]; }
  void attempt();
  void connected(std::unique_ptr<TlsConnection> connection);
  void proven();
  void failed(const ConnectFailure& failure);
  bool is_hopeless(const ConnectFailure& failure);
  void end_session(const std::string& why);
  void attempt_after(std::chrono::milliseconds pause);
  void server_moved();
  void network_changed();
  void watch_neighbour(const std::string& address);

  const std::vector<HostAddress> hosts_;
  std::shared_ptr<const TlsContext> identity_;
  Handlers handlers_;
  TlsClient client_;
  NeighbourWatch neighbour_;
  NetworkWatch network_;
  ReconnectSchedule schedule_;
  std::minstd_rand dice_{std::random_device{}()};
  std::size_t turn_ = 0;
  std::unique_ptr<TlsConnection> connection_;
  bool proven_ = false;
  asio::steady_timer timer_;  // the pause before an attempt, or the proof of a session
  Clock::time_point session_began_;
  std::optional<Clock::time_point> outage_began_;
  std::chrono::milliseconds past_outages_{0};
  std::uint64_t sessions_ = 0;
  bool hope_ = false;  // since a session, or a failure that passes by itself
  Error trouble_{"not connected yet", ""};
  std::vector<std::string> said_;  // of each host, what was last said to be wrong with it
  Lifetime lifetime_;
};

}  // namespace pizwg
