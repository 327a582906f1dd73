#include "adapters/hub_power.h"

#include <fmt/format.h>
#include <utility>

#include <asio/post.hpp>

#include "adapters/serial_devices.h"
#include "base/file.h"
#include "base/log.h"
#include "base/text.h"

namespace pizwg {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

// A stat() and a lookup in /sys, while every millisecond until the proof keeps the VIP here.
constexpr milliseconds look_interval{5};

// The hub in the Raspberry Pi 4 says that it switches each port, but has one switch for all of them (facts,
// section 5): a port alone goes off for the kernel, and keeps its power.
constexpr const char* switches_all_at_once = "2109:3431";

std::string read_memory(const std::filesystem::path& file) {
  const auto text = file.empty() ? fail("") : read_file(file, 256);
  if (!text || !hub_port_of(trimmed(*text))) return {};
  return std::string(trimmed(*text));
}

std::string port_text(const HubPort& where) {
  return where.port == 0 ? "all" : std::to_string(where.port);
}

Error explain(const ChildOutcome& outcome, const HubPort& where, Power power) {
  const std::string said(trimmed(outcome.output));
  if (said.contains("ermission")) {
    return {.what = "uhubctl may not switch the hub",
            .hint = "is packaging/udev/60-pizwg.rules installed, and the hub plugged in since?"};
  }
  if (said.contains("No compatible devices")) {
    return {.what = fmt::format("uhubctl knows no hub at {} whose power can be switched", where.hub),
            .hint = "uhubctl lists those that can; hub = \"none\" does without"};
  }
  return {
      .what = fmt::format("uhubctl exited with {}: {}", outcome.exit_status, in_quotes(said.substr(0, 200))),
      .hint = "try it by hand: " + uhubctl_command(where, power)};
}

}  // namespace

std::string uhubctl_command(const HubPort& where, Power power) {
  return fmt::format("uhubctl {}", fmt::join(uhubctl_arguments(where, power), " "));
}

HubPower::HubPower(asio::io_context& io, Settings settings, std::function<bool()> gone, Handlers handlers)
    : settings_(std::move(settings)),
      gone_(std::move(gone)),
      handlers_(std::move(handlers)),
      io_(io),
      where_(settings_.where),
      uhubctl_(io),
      look_timer_(io),
      repeat_timer_(io) {
  if (const std::string remembered = read_memory(settings_.memory); !remembered.empty()) found(remembered);
}

void HubPower::found(const std::string& usb_path) {
  const auto port = hub_port_of(usb_path);
  if (!port || usb_path == usb_path_) return;
  usb_path_ = usb_path;
  if (!settings_.where) where_ = switch_for(*port);
  log::notice("hub found", {{"gateway", usb_path}, {"hub", where_->hub}, {"port", port_text(*where_)}});
  if (settings_.memory.empty()) return;
  if (const auto written = write_file(settings_.memory, usb_path + "\n", 0600); !written) {
    log::error("the gateway's place is not remembered: " + written.error().what);
  }
}

HubPort HubPower::switch_for(const HubPort& gateway) const {
  if (settings_.port != 0) return {.hub = gateway.hub, .port = settings_.port};
  if (usb_ids_of(gateway.hub) == switches_all_at_once) return {.hub = gateway.hub, .port = 0};
  return gateway;
}

void HubPower::wish(Power power) {
  wish_.renew();
  look_timer_.cancel();
  repeat_timer_.cancel();
  wanted_ = power;
  called_ = false;
  trouble_ = {};
  deadline_ = Clock::now() + settings_.effect_limit;
  if (!settings_.switchable) return asio::post(io_, wish_.bound([this] { succeed(); }));
  if (!where_) {
    // What we have never switched has its power, and what is not there has none that matters.
    if (power == Power::on || gone_()) return asio::post(io_, wish_.bound([this] { succeed(); }));
    return asio::post(io_, wish_.bound([this] {
      give_up({.what = "nobody has seen yet which hub the gateway hangs on",
               .hint = "plug the gateway in, or name the hub: hub = \"1-1\" (uhubctl lists them)"});
    }));
  }
  call();
}

void HubPower::call() {
  std::vector<std::string> command = uhubctl_arguments(*where_, wanted_);
  command.insert(command.begin(), "uhubctl");
  uhubctl_.run(command, settings_.call_limit,
               wish_.bound([this](const Result<ChildOutcome>& outcome) { called(outcome); }));
}

void HubPower::called(const Result<ChildOutcome>& outcome) {
  if (!outcome) {
    trouble_ = outcome.error();
    return try_again();
  }
  if (outcome->exit_status != 0) {
    trouble_ = explain(*outcome, *where_, wanted_);
    return try_again();
  }
  called_ = true;
  if (wanted_ == Power::on) return succeed();
  repeat_timer_.expires_after(settings_.repeat_after);
  repeat_timer_.async_wait(wish_.bound([this](const asio::error_code& error) {
    if (!error) try_again();
  }));
  prove();
}

void HubPower::prove() {
  if (gone_()) return succeed();
  look_timer_.expires_after(look_interval);
  look_timer_.async_wait(wish_.bound([this](const asio::error_code& error) {
    if (!error) prove();
  }));
}

void HubPower::try_again() {
  look_timer_.cancel();
  if (Clock::now() >= deadline_) {
    if (called_ && wanted_ == Power::off) {
      return give_up({.what = "uhubctl says off, but the gateway is still there",
                      .hint = "is it plugged in behind the hub, and the hub without a supply of its own?"});
    }
    return give_up(trouble_);
  }
  // A failed call is not repeated in a loop.
  repeat_timer_.expires_after(called_ ? milliseconds(0) : settings_.repeat_after / 5);
  repeat_timer_.async_wait(wish_.bound([this](const asio::error_code& error) {
    if (!error) call();
  }));
}

void HubPower::succeed() {
  wish_.renew();
  look_timer_.cancel();
  repeat_timer_.cancel();
  return wanted_ == Power::on ? handlers_.turned_on() : handlers_.proven_off();
}

void HubPower::give_up(Error why) {
  wish_.renew();
  look_timer_.cancel();
  repeat_timer_.cancel();
  handlers_.failed(wanted_, why);
}

}  // namespace pizwg
