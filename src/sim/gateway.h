#pragma once
// The simulated gateway as a whole: a stick on a line, faults on command. Owns everything; ends when told to,
// by a signal or by an error.

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <random>
#include <string_view>
#include <vector>

#include <asio/io_context.hpp>
#include <asio/signal_set.hpp>
#include <asio/steady_timer.hpp>

#include "base/error.h"
#include "sim/command.h"
#include "sim/line.h"
#include "sim/serial_api.h"
#include "sim/text_input.h"

namespace pizwg::sim {

struct GatewayOptions {
  enum class Says { serial_api, echo };
  enum class Start { announced, quiet };

  std::filesystem::path link;
  std::uint32_t home_id = 0xC0FFEE01;
  std::vector<std::uint8_t> nodes{1, 2, 3};
  unsigned baud = 0;                          // 0: unlimited
  std::chrono::milliseconds start_delay{0};   // from power to the link
  std::chrono::milliseconds report_every{0};  // 0: never
  Says says = Says::serial_api;
  Start start = Start::announced;  // after a soft reset
};

class Gateway {
 public:
  struct Handlers {
    std::function<void(bool energised)> power_changed;  // it has power, and is plugged in
    std::function<void(const Command&)> hub_obeys;      // a command for the hub
  };

  // What a hub's port gives it. One that is off may still power it, but then the host does not see it.
  enum class Supply { none, power, power_and_bus };

  // Without handlers it hangs on no hub, and has everything.
  Gateway(asio::io_context& io, const GatewayOptions& options, std::optional<Handlers> handlers = {});

  // Runs until the end that somebody asked for, or the error that made going on pointless.
  Result<void> run();

  void set_supply(Supply supply);
  // Whether its link is there.
  bool plugged() const { return line_.plugged(); }

 private:
  void settle();
  void plug_after(std::chrono::milliseconds delay);
  void plug();
  void unplug();
  void soft_reset();

  void work(Time now);
  void work_serial_api(Time now);
  void work_echo(Time now);
  void wait_for_api();
  void wait_for_report();

  void obey(std::string_view line);
  void obey(const Command& command);
  void insert(bool on);
  void set_dead(bool on);
  void set_stalled(bool on);
  void say_garbage(unsigned count);
  void report(std::uint8_t node, bool on);

  asio::io_context& io_;
  GatewayOptions options_;
  std::optional<Handlers> handlers_;
  SerialApi api_;
  Line line_;
  asio::signal_set signals_;
  TextInput commands_;
  asio::steady_timer plug_timer_;
  asio::steady_timer api_timer_;
  asio::steady_timer report_timer_;
  std::minstd_rand random_;
  std::size_t reports_ = 0;
  Supply supply_ = Supply::none;
  bool inserted_ = true;
  bool dead_ = false;
  bool energised_ = false;
  bool connected_ = false;  // energised, and on the bus
  bool ready_ = false;      // said so
  bool announce_ = false;   // the stick has started, and nobody has opened the port since
  bool stalled_ = false;
  bool silent_ = false;
  std::optional<Error> failure_;
};

}  // namespace pizwg::sim
