#include "adapters/hub_power.h"

#include <algorithm>
#include <fmt/format.h>
#include <utility>
#include <vector>

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

// Whatever port the configuration names.
HubPort what_is_switched(const HubPort& where) {
  const bool all_at_once = usb_ids_of(where.hub) == switches_all_at_once;
  return {.hub = where.hub, .port = all_at_once ? 0 : where.port};
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
      turning_on_(io),
      turning_off_(io),
      look_timer_(io),
      repeat_timer_(io) {
  const std::string remembered = read_memory(settings_.memory);
  if (const auto port = hub_port_of(remembered)) hangs_at(remembered, *port);
}

void HubPower::found(const std::string& usb_path) {
  const auto port = hub_port_of(usb_path);
  if (!port || usb_path == usb_path_) return;
  hangs_at(usb_path, *port);
  if (settings_.memory.empty()) return;
  if (const auto written = write_file(settings_.memory, usb_path + "\n", 0600); !written) {
    log::error("the gateway's place is not remembered: " + written.error().what);
  }
}

void HubPower::hangs_at(const std::string& usb_path, const HubPort& port) {
  usb_path_ = usb_path;
  if (!settings_.where) where_ = switch_for(port);
  log::notice("hub found",
              {{"gateway", usb_path}, {"hub", where_->hub}, {"port", port_text(what_is_switched(*where_))}});
}

HubPort HubPower::switch_for(const HubPort& gateway) const {
  if (settings_.port != 0) return {.hub = gateway.hub, .port = settings_.port};
  return gateway;
}

void HubPower::wish(Power power) {
  end_wish();
  wanted_ = power;
  said_off_ = false;
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
  std::vector<std::string> command = uhubctl_arguments(what_is_switched(*where_), wanted_);
  command.insert(command.begin(), "uhubctl");
  const auto left = std::chrono::ceil<milliseconds>(deadline_ - Clock::now());
  ChildProcess& uhubctl = wanted_ == Power::on ? turning_on_ : turning_off_;
  // One that was killed while the kernel had its request (it waits for the hub) may have its effect after
  // ours.
  overtaken_ = wanted_ == Power::off && turning_on_.alive() > 0;
  uhubctl.run(command, std::min(settings_.call_limit, left),
              wish_.bound([this](const Result<ChildOutcome>& outcome) { called(outcome); }));
}

void HubPower::called(const Result<ChildOutcome>& outcome) {
  if (!outcome) return refused(outcome.error());
  if (outcome->exit_status != 0) return refused(explain(*outcome, what_is_switched(*where_), wanted_));
  if (wanted_ == Power::on) return succeed();
  if (overtaken_ && turning_on_.alive() > 0) {
    return refused({.what = "a call of uhubctl that was to turn the hub on hangs, and may do so yet",
                    .hint = "the kernel's log may say why; only a reboot ends what the kernel holds"});
  }
  if (overtaken_) return call_again_after(milliseconds(0));  // it ended the moment it was killed, as usual
  said_off_ = true;
  call_again_after(settings_.repeat_after);
  prove();
}

// Not repeated in a loop. Of the last call, which the time for all of them cuts short, no more is known than
// that; the one before may have said why.
void HubPower::refused(Error why) {
  if (trouble_.what.empty() || Clock::now() < deadline_) trouble_ = std::move(why);
  call_again_after(settings_.repeat_after / 5);
}

// Goes on while uhubctl is called again, which may hang when the first call has had its effect already.
void HubPower::prove() {
  if (gone_()) return succeed();
  look_timer_.expires_after(look_interval);
  look_timer_.async_wait(wish_.bound([this](const asio::error_code& error) {
    if (!error) prove();
  }));
}

void HubPower::call_again_after(milliseconds delay) {
  repeat_timer_.expires_at(std::min(Clock::now() + delay, deadline_));
  repeat_timer_.async_wait(wish_.bound([this](const asio::error_code& error) {
    if (error) return;
    return Clock::now() < deadline_ ? call() : time_is_up();
  }));
}

void HubPower::succeed() {
  end_wish();
  return wanted_ == Power::on ? handlers_.turned_on() : handlers_.proven_off();
}

void HubPower::time_is_up() {
  if (!said_off_) return give_up(std::exchange(trouble_, {}));  // a copy: the handler may wish anew
  give_up({.what = "uhubctl says off, but the gateway is still there",
           .hint = "is it plugged in behind the hub, and the hub without a supply of its own?"});
}

void HubPower::give_up(const Error& why) {
  end_wish();
  handlers_.failed(wanted_, why);
}

void HubPower::end_wish() {
  wish_.renew();
  look_timer_.cancel();
  repeat_timer_.cancel();
  turning_on_.cancel();
  turning_off_.cancel();
}

}  // namespace pizwg
