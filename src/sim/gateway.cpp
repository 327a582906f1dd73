#include "sim/gateway.h"

#include <algorithm>
#include <csignal>
#include <cstdio>
#include <fmt/format.h>
#include <string>
#include <unistd.h>
#include <utility>

#include "base/log.h"
#include "base/text.h"

namespace pizwg::sim {
namespace {

using std::chrono::milliseconds;

// A stick says ACK to a soft reset and is gone from the bus a moment later; what the host has not read by
// then is lost.
constexpr milliseconds until_reset{50};
constexpr milliseconds reenumeration{350};  // measured on native-USB sticks of the 500 series

void print(const std::string& text) {
  std::fputs(text.c_str(), stdout);
  std::fflush(stdout);
}

std::string on_off(bool on) {
  return on ? "on" : "off";
}

}  // namespace

Gateway::Gateway(asio::io_context& io, const GatewayOptions& options, std::optional<Handlers> handlers)
    : io_(io),
      options_(options),
      handlers_(std::move(handlers)),
      api_(Controller(options.home_id, options.nodes)),
      line_(io, options.link, [this](Time now) { work(now); }),
      signals_(io, SIGINT, SIGTERM, SIGHUP),
      commands_(io, STDIN_FILENO, [this](std::string_view line) { obey(line); }),
      plug_timer_(io),
      api_timer_(io),
      report_timer_(io) {
  line_.set_baud(options.baud);
}

Result<void> Gateway::run() {
  signals_.async_wait([this](std::error_code error, int) {
    if (!error) io_.stop();
  });
  if (!handlers_) set_supply(Supply::power_and_bus);
  if (options_.report_every.count() > 0) wait_for_report();
  io_.run();
  line_.unplug();
  if (failure_) return std::unexpected(*failure_);
  return {};
}

void Gateway::set_supply(Supply supply) {
  supply_ = supply;
  settle();
}

// On the bus it starts, unless it is dead.
void Gateway::settle() {
  const bool energised = inserted_ && supply_ != Supply::none;
  const bool connected = inserted_ && supply_ == Supply::power_and_bus;
  if (std::exchange(energised_, energised) != energised && handlers_) handlers_->power_changed(energised);
  if (std::exchange(connected_, connected) == connected) return;
  if (!connected) return unplug();
  if (!dead_) plug_after(options_.start_delay);
}

void Gateway::plug_after(milliseconds delay) {
  plug_timer_.expires_after(delay);
  plug_timer_.async_wait([this](std::error_code error) {
    if (!error) plug();
  });
}

void Gateway::plug() {
  if (auto plugged = line_.plug(); !plugged) {
    failure_ = plugged.error();
    return io_.stop();
  }
  if (!std::exchange(ready_, true)) print(fmt::format("ready link={}\n", options_.link.native()));
}

void Gateway::unplug() {
  plug_timer_.cancel();
  api_timer_.cancel();
  // What only hung is cured by taking its power; what `slow`, `radio` and `pace` set is how the stick is
  // made.
  announce_ = silent_ = stalled_ = false;
  line_.set_reading(Line::Reading::on);
  api_.restart();
  line_.unplug();
}

void Gateway::soft_reset() {
  log::notice("soft reset");
  plug_timer_.expires_after(until_reset);
  plug_timer_.async_wait([this](std::error_code error) {
    if (error) return;
    unplug();
    announce_ = options_.start == GatewayOptions::Start::announced;
    plug_after(reenumeration);
  });
}

void Gateway::work(Time now) {
  if (stalled_) return;
  if (silent_) return line_.take(line_.arrived(now).size());
  if (options_.says == GatewayOptions::Says::echo) return work_echo(now);
  work_serial_api(now);
  if (!line_.opened()) api_.hang_up();
  wait_for_api();
}

void Gateway::work_serial_api(Time now) {
  if (line_.room() < SerialApi::largest_output) return;
  if (line_.opened() && std::exchange(announce_, false)) api_.say(Controller::started(), now);
  api_.tick(now);
  line_.send(api_.take_output(), now);
  const auto arrived = line_.arrived(now);
  std::size_t used = 0;
  while (used < arrived.size() && line_.room() >= SerialApi::largest_output) {
    api_.receive(arrived[used++], now);
    line_.send(api_.take_output(), now);
  }
  line_.take(used);
  if (api_.take_restart()) soft_reset();
}

void Gateway::work_echo(Time now) {
  const auto arrived = line_.arrived(now);
  const std::size_t count = std::min(arrived.size(), line_.room());
  line_.send(arrived.first(count), now);
  line_.take(count);
}

void Gateway::wait_for_api() {
  const auto deadline = api_.deadline();
  // Without room the stick cannot speak; the room that is gained brings us here again.
  if (!deadline || line_.room() < SerialApi::largest_output) {
    api_timer_.cancel();
    return;
  }
  api_timer_.expires_at(*deadline);
  api_timer_.async_wait([this](std::error_code error) {
    if (!error) line_.serve();
  });
}

void Gateway::wait_for_report() {
  report_timer_.expires_after(options_.report_every);
  report_timer_.async_wait([this](std::error_code error) {
    if (error) return;
    const auto nodes = api_.controller().switches();
    const std::uint8_t node = nodes.at(reports_++ % nodes.size());
    report(node, api_.controller().is_on(node).value_or(false));
    wait_for_report();
  });
}

void Gateway::obey(std::string_view line) {
  if (trimmed(line).empty()) return;
  const auto command = parse_command(line);
  if (command) return obey(*command);
  std::fputs(describe("pizwg-sim", command.error()).c_str(), stderr);
}

void Gateway::obey(const Command& command) {
  switch (command.verb) {
    case Verb::unplug:
    case Verb::plug:
      return insert(command.verb == Verb::plug);
    case Verb::dead:
      return set_dead(command.on);
    case Verb::silence:
      silent_ = command.on;
      log::notice("fault", {{"silence", on_off(command.on)}});
      return line_.serve();
    case Verb::stall:
      return set_stalled(command.on);
    case Verb::garbage:
      return say_garbage(command.number);
    case Verb::slow:
      log::notice("fault", {{"slow_ms", std::to_string(command.number)}});
      return api_.set_delay(milliseconds(command.number));
    case Verb::radio:
      log::notice("fault", {{"radio_ms", std::to_string(command.number)}});
      return api_.set_radio_delay(milliseconds(command.number));
    case Verb::pace:
      log::notice("fault", {{"pace", std::to_string(command.number)}});
      line_.set_baud(command.number);
      return line_.serve();
    case Verb::report:
      return report(command.node, command.on);
    case Verb::supply:
    case Verb::stuck:
    case Verb::lie:
    case Verb::late:
    case Verb::lag:
    case Verb::hang:
    case Verb::deny:
      if (handlers_) return handlers_->hub_obeys(command);
      return log::warning("there is no hub: pizwg-sim hub has one");
    case Verb::help:
      return print(command_help());
    case Verb::quit:
      return io_.stop();
  }
}

void Gateway::insert(bool on) {
  if (std::exchange(inserted_, on) == on) log::notice(on ? "already plugged in" : "already unplugged");
  settle();
}

void Gateway::set_dead(bool on) {
  log::notice("fault", {{"dead", on_off(on)}});
  if (std::exchange(dead_, on) == on || !connected_) return;
  if (on) return unplug();
  plug_after(options_.start_delay);
}

void Gateway::set_stalled(bool on) {
  stalled_ = on;
  log::notice("fault", {{"stall", on_off(on)}});
  line_.set_reading(on ? Line::Reading::off : Line::Reading::on);
  line_.serve();
}

void Gateway::say_garbage(unsigned count) {
  std::vector<std::uint8_t> bytes(std::min<std::size_t>(count, line_.room()));
  std::ranges::generate(bytes, [this] { return static_cast<std::uint8_t>(random_() >> 8); });
  log::notice("fault", {{"garbage_bytes", std::to_string(bytes.size())}});
  line_.send(bytes, std::chrono::steady_clock::now());
  line_.serve();
}

void Gateway::report(std::uint8_t node, bool on) {
  const auto frame = api_.controller().report(node, on);
  if (!frame) return log::warning("no such node", {{"node", std::to_string(node)}});
  const bool heard = line_.opened() && !stalled_ && !silent_;
  log::info("node reports",
            {{"node", std::to_string(node)}, {"on", on_off(on)}, {"heard", heard ? "yes" : "no"}});
  if (!heard || line_.room() < SerialApi::largest_output) return;
  const Time now = std::chrono::steady_clock::now();
  api_.say(*frame, now);
  line_.send(api_.take_output(), now);
  line_.serve();
}

}  // namespace pizwg::sim
