#include "sim/hub_service.h"

#include <cerrno>
#include <charconv>
#include <cstdio>
#include <ctime>
#include <fcntl.h>
#include <fmt/format.h>
#include <optional>
#include <unistd.h>
#include <utility>

#include "base/file.h"
#include "base/log.h"
#include "base/text.h"

namespace pizwg::sim {
namespace {

std::string_view take_word(std::string_view& text) {
  const auto end = std::min(text.find(' '), text.size());
  const std::string_view word = text.substr(0, end);
  text.remove_prefix(std::min(end + 1, text.size()));
  return word;
}

// "1,2"; "all" is none.
std::vector<unsigned> ports_of(std::string_view text) {
  std::vector<unsigned> ports;
  for (; !text.empty() && text != "all"; text.remove_prefix(std::min(text.find(',') + 1, text.size()))) {
    unsigned port = 0;
    std::from_chars(text.data(), text.data() + text.size(), port);
    ports.push_back(port);
    if (text.find(',') == std::string_view::npos) break;
  }
  return ports;
}

void set(std::string_view name, bool& fault, const Command& command) {
  fault = command.on;
  log::notice("fault", {{name, fault ? "on" : "off"}});
}

void set(std::string_view name, std::chrono::milliseconds& fault, const Command& command) {
  fault = std::chrono::milliseconds(command.number);
  log::notice("fault", {{name, std::to_string(command.number)}});
}

std::string refusal(std::string_view text) {
  return fmt::format("1\n{}", text);
}

}  // namespace

HubService::HubService(asio::io_context& io, const GatewayOptions& gateway, HubOptions options)
    : io_(io),
      options_(std::move(options)),
      hub_(options_),
      effect_timer_(io),
      gateway_(io, gateway,
               Gateway::Handlers{.power_changed = [this](bool energised) { power_changed(energised); },
                                 .hub_obeys = [this](const Command& command) { obey(command); }}) {
  if (gateway.power == GatewayOptions::Power::off) hub_.supply(Hub::Power::off);
}

Result<void> HubService::run() {
  if (const auto opened = open_power_log(); !opened) return opened;
  auto server = ControlServer::open(
      io_, options_.socket,
      [this](const std::string& line, ControlServer::Answer answer) { asked(line, std::move(answer)); });
  if (!server) return std::unexpected(server.error());
  server_ = std::move(*server);
  fmt::print("ready socket={}\n", options_.socket.native());
  std::fflush(stdout);
  return gateway_.run();
}

Result<void> HubService::open_power_log() {
  if (options_.power_log.empty()) return {};
  power_log_.reset(::open(options_.power_log.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644));
  if (!power_log_) return fail_file("open", options_.power_log, errno);
  return {};
}

void HubService::asked(const std::string& line, ControlServer::Answer answer) {
  if (hub_.faults.hangs) return hanging_.push_back(std::move(answer));
  if (hub_.faults.lag.count() == 0) return answer(answer_to(line));
  answer_later(line, std::move(answer));
}

void HubService::answer_later(const std::string& line, ControlServer::Answer answer) {
  const auto timer = answer_timers_.emplace(answer_timers_.end(), io_, hub_.faults.lag);
  timer->async_wait([this, timer, line, answer = std::move(answer)](const asio::error_code& error) {
    if (error) return;
    answer_timers_.erase(timer);
    answer(answer_to(line));
  });
}

std::string HubService::answer_to(const std::string& line) {
  std::string_view rest(line);
  const std::string_view location = take_word(rest);
  const std::string_view action = take_word(rest);
  const auto ports = ports_of(take_word(rest));
  if (!hub_.has_supply() || (location != options_.location && location != "-")) {
    const std::string place = location == "-" ? "" : fmt::format(" at location {}", location);
    return refusal(fmt::format("No compatible devices detected{}!\nRun with -h to get usage info.\n", place));
  }
  if (hub_.faults.denies) {
    return refusal(
        "There were permission problems while accessing USB.\n"
        "Follow https://git.io/JIB2Z for USB permissions.\n");
  }
  const std::string status = hub_.status("Current status", ports, energised_);
  if (action == "status") return "0\n" + status;
  const auto power = action == "on" ? Hub::Power::on : Hub::Power::off;
  const std::string changed = switch_ports(ports, power);
  return fmt::format("0\n{}Sent power {} request\n{}", status, action, changed);
}

// The status is what the hub says right after the request.
std::string HubService::switch_ports(std::span<const unsigned> ports, Hub::Power power) {
  const bool ignored = power == Hub::Power::off && (hub_.faults.stuck || hub_.faults.lies);
  if (!ignored || hub_.faults.lies) hub_.switch_ports(ports, power);
  if (!ignored && hub_.faults.late.count() == 0) take_effect();
  if (!ignored && hub_.faults.late.count() > 0) {
    effect_timer_.expires_after(hub_.faults.late);
    effect_timer_.async_wait([this](const asio::error_code& error) {
      if (!error) take_effect();
    });
  }
  return hub_.status("New status", ports, energised_);
}

void HubService::take_effect() {
  hub_.take_effect();
  gateway_.set_power(hub_.powers_gateway());
}

void HubService::obey(const Command& command) {
  switch (command.verb) {
    case Verb::supply:
      hub_.supply(command.on ? Hub::Power::on : Hub::Power::off);
      effect_timer_.cancel();
      return gateway_.set_power(hub_.powers_gateway());
    case Verb::stuck:
      return set("stuck", hub_.faults.stuck, command);
    case Verb::lie:
      return set("lie", hub_.faults.lies, command);
    case Verb::deny:
      return set("deny", hub_.faults.denies, command);
    case Verb::late:
      return set("late_ms", hub_.faults.late, command);
    case Verb::lag:
      return set("lag_ms", hub_.faults.lag, command);
    case Verb::hang:
      set("hang", hub_.faults.hangs, command);
      for (const auto& answer : std::exchange(hanging_, {})) answer(refusal("interrupted\n"));
      return;
    case Verb::unplug:
    case Verb::plug:
    case Verb::dead:
    case Verb::silence:
    case Verb::stall:
    case Verb::garbage:
    case Verb::slow:
    case Verb::pace:
    case Verb::report:
    case Verb::help:
    case Verb::quit:
      return;
  }
}

// In nanoseconds of the monotonic clock, which is the same in every process of a machine.
void HubService::power_changed(bool energised) {
  energised_ = energised;
  log::notice(energised ? "gateway has power" : "gateway has no power");
  if (!power_log_) return;
  timespec now{};
  ::clock_gettime(CLOCK_MONOTONIC, &now);
  const std::string line = fmt::format("{}{:09} {}\n", now.tv_sec, now.tv_nsec, energised ? "on" : "off");
  if (::write(power_log_.get(), line.data(), line.size()) != std::ssize(line))
    log::error("the power log is full");
}

}  // namespace pizwg::sim
