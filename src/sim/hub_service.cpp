#include "sim/hub_service.h"

#include <cerrno>
#include <cstdio>
#include <ctime>
#include <fcntl.h>
#include <filesystem>
#include <fmt/format.h>
#include <system_error>
#include <unistd.h>
#include <utility>

#include "base/file.h"
#include "base/log.h"
#include "base/text.h"

namespace pizwg::sim {
namespace {

void set(std::string_view name, bool& fault, const Command& command) {
  fault = command.on;
  log::notice("fault", {{name, fault ? "on" : "off"}});
}

void set(std::string_view name, std::chrono::milliseconds& fault, const Command& command) {
  fault = std::chrono::milliseconds(command.number);
  log::notice("fault", {{name, std::to_string(command.number)}});
}

}  // namespace

HubService::HubService(asio::io_context& io, const GatewayOptions& gateway, HubOptions options)
    : io_(io),
      options_(std::move(options)),
      hub_(options_),
      effect_timer_(io),
      gateway_(io, gateway,
               Gateway::Handlers{.power_changed = [this](bool energised) { power_changed(energised); },
                                 .hub_obeys = [this](const Command& command) { obey(command); }}) {}

// Nothing has power any longer.
HubService::~HubService() {
  if (energised_) power_changed(false);
}

Result<void> HubService::run() {
  if (const auto opened = open_power_log(); !opened) return opened;
  if (const auto listening = listen(); !listening) return listening;
  take_effect();
  fmt::print("ready socket={}\n", options_.socket.native());
  std::fflush(stdout);
  return gateway_.run();
}

Result<void> HubService::listen() {
  std::error_code ignored;
  const auto there = std::filesystem::symlink_status(options_.socket, ignored);
  if (std::filesystem::exists(there) && !std::filesystem::is_socket(there)) {
    return fail(
        fmt::format("something else is in the place of the socket {}", in_quotes(options_.socket.native())),
        "give another path with --socket");
  }
  auto server = ControlServer::open(
      io_, options_.socket, [this](const std::string& line, const auto& answer) { answer(answer_to(line)); });
  if (!server) return std::unexpected(server.error());
  server_ = std::move(*server);
  // For the simulated host's users, whoever they are.
  std::filesystem::permissions(options_.socket, std::filesystem::perms(0666), ignored);
  return {};
}

Result<void> HubService::open_power_log() {
  if (options_.power_log.empty()) return {};
  power_log_.reset(::open(options_.power_log.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644));
  if (!power_log_) return fail_file("open", options_.power_log, errno);
  return {};
}

// What goes wrong with a call of uhubctl is for that to perform: so a call that is killed has no effect
// later.
std::string HubService::answer_to(const std::string& line) {
  const auto question = parse_hub_question(line);
  if (!question) return "what?\n";
  if (question->ask == HubQuestion::Ask::fault) return fault() + "\n";
  // Without mains there is no host either.
  const bool here = question->location.empty() || question->location == options_.location;
  if (!here || !hub_.has_supply()) return std::string(elsewhere) + "\n";
  if (question->ask == HubQuestion::Ask::status) return "Current status for " + status(*question);
  return switch_ports(*question);
}

std::string HubService::fault() const {
  if (hub_.faults.hangs) return std::string(hanging);
  if (hub_.faults.denies) return std::string(denied);
  return std::to_string(hub_.faults.lag.count());
}

// The status is what the hub says right after the request.
std::string HubService::switch_ports(const HubQuestion& question) {
  if (question.ask == HubQuestion::Ask::toggle) {
    hub_.toggle_ports(question.ports);
  } else {
    hub_.switch_ports(question.ports,
                      question.ask == HubQuestion::Ask::on ? Hub::Power::on : Hub::Power::off);
  }
  if (hub_.faults.late.count() == 0) {
    take_effect();
  } else {
    effect_timer_.expires_after(hub_.faults.late);
    effect_timer_.async_wait([this](const asio::error_code& error) {
      if (!error) take_effect();
    });
  }
  return fmt::format("Sent power {} request\nNew status for {}", sent(question), status(question));
}

// uhubctl toggles port by port, and says what it sent to the last one.
std::string_view HubService::sent(const HubQuestion& question) const {
  if (question.ask == HubQuestion::Ask::off) return "off";
  if (question.ask == HubQuestion::Ask::on) return "on";
  unsigned last = options_.ports;
  while (last > 1 && (question.ports >> (last - 1) & 1U) == 0) --last;
  return hub_.says(last) == Hub::Power::on ? "on" : "off";
}

std::string HubService::status(const HubQuestion& question) const {
  return hub_.status(question.ports, question.descriptions, gateway_.plugged());
}

void HubService::take_effect() {
  hub_.take_effect();
  using Supply = Gateway::Supply;
  gateway_.set_supply(hub_.connects_gateway() ? Supply::power_and_bus
                      : hub_.powers_gateway() ? Supply::power
                                              : Supply::none);
}

void HubService::obey(const Command& command) {
  switch (command.verb) {
    case Verb::supply:
      hub_.supply(command.on ? Hub::Power::on : Hub::Power::off);
      return take_effect();
    case Verb::stuck:
      return set("stuck", hub_.faults.stuck, command);
    case Verb::lie:
      set("lie", hub_.faults.lies, command);
      return take_effect();
    case Verb::deny:
      return set("deny", hub_.faults.denies, command);
    case Verb::late:
      return set("late_ms", hub_.faults.late, command);
    case Verb::lag:
      return set("lag_ms", hub_.faults.lag, command);
    case Verb::hang:
      return set("hang", hub_.faults.hangs, command);
    case Verb::unplug:
    case Verb::plug:
    case Verb::dead:
    case Verb::silence:
    case Verb::stall:
    case Verb::garbage:
    case Verb::slow:
    case Verb::radio:
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
