#pragma once
// The simulated gateway as a whole: a stick on a line, faults on command. Owns everything; ends when told to,
// by a signal or by an error.

#include <chrono>
#include <cstdint>
#include <filesystem>
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
  Gateway(asio::io_context& io, const GatewayOptions& options);

  // Runs until the end that somebody asked for, or the error that made going on pointless.
  Result<void> run();

 private:
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
  void set_stalled(bool on);
  void say_garbage(unsigned count);
  void report(std::uint8_t node, bool on);

  asio::io_context& io_;
  GatewayOptions options_;
  SerialApi api_;
  Line line_;
  asio::signal_set signals_;
  TextInput commands_;
  asio::steady_timer plug_timer_;
  asio::steady_timer api_timer_;
  asio::steady_timer report_timer_;
  std::minstd_rand random_;
  std::size_t reports_ = 0;
  bool ready_ = false;     // said so
  bool announce_ = false;  // the stick has started, and nobody has opened the port since
  bool stalled_ = false;
  bool silent_ = false;
  std::optional<Error> failure_;
};

}  // namespace pizwg::sim
