#pragma once
// Switches the power of the gateway's USB port, through uhubctl, and proves that off is off. uhubctl's word
// is not enough: it exits with 0 when the hub took its request, whatever the hub made of it. Whether the
// gateway comes after power-on is for its user to see.

#include <chrono>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>

#include <asio/io_context.hpp>
#include <asio/steady_timer.hpp>

#include "adapters/child_process.h"
#include "base/error.h"
#include "base/lifetime.h"
#include "core/usb_path.h"

namespace pizwg {

class HubPower {
 public:
  struct Settings {
    bool switchable = true;          // false: the gateway cannot be switched, and off is as good as on
    std::optional<HubPort> where{};  // by configuration; otherwise remembered, or found
    unsigned port = 0;               // of the hub that is found; 0: the gateway's
    std::filesystem::path memory{};  // the file that remembers the gateway's place; empty: none
    std::chrono::milliseconds call_limit{1000};    // uhubctl takes about 50 ms
    std::chrono::milliseconds effect_limit{5000};  // until off is proven, all calls together
    std::chrono::milliseconds repeat_after{500};   // without an effect it is called again
  };
  struct Handlers {
    std::function<void()> turned_on;   // uhubctl said so
    std::function<void()> proven_off;  // uhubctl said so, and the gateway is gone
    std::function<void(Power wanted, const Error& why)> failed;
  };

  // `gone`: whether there is no trace of the gateway. Asked while it is to be proven off.
  HubPower(asio::io_context& io, Settings settings, std::function<bool()> gone, Handlers handlers);

  // The gateway was seen there ("1-1.2:1.0"): that is the hub and port to switch, unless the configuration
  // names one. Remembered for the time when it is off.
  void found(const std::string& usb_path);
  std::optional<HubPort> where() const { return where_; }
  // The gateway's place, this time or remembered; empty when nobody has seen it.
  const std::string& usb_path() const { return usb_path_; }

  // The latest wish is what counts: an earlier one's call is ended, and its result nobody's business. One of
  // the handlers is called for it, once, from the event loop.
  void turn_on() { wish(Power::on); }
  void turn_off() { wish(Power::off); }

 private:
  void hangs_at(const std::string& usb_path, const HubPort& port);
  HubPort switch_for(const HubPort& gateway) const;
  void wish(Power power);
  void call();
  void called(const Result<ChildOutcome>& outcome);
  void refused(Error why);
  void prove();
  void call_again_after(std::chrono::milliseconds delay);
  void succeed();
  void time_is_up();
  void give_up(const Error& why);
  void end_wish();

  Settings settings_;
  std::function<bool()> gone_;
  Handlers handlers_;
  asio::io_context& io_;
  std::string usb_path_;
  std::optional<HubPort> where_;
  ChildProcess turning_on_;
  ChildProcess turning_off_;
  asio::steady_timer look_timer_;
  asio::steady_timer repeat_timer_;
  Power wanted_ = Power::on;
  bool overtaken_ = false;  // the present call to turn off may be followed by an older one to turn on
  bool said_off_ = false;   // uhubctl said so, and nothing will follow
  Error trouble_;           // why it has not, at the last call
  std::chrono::steady_clock::time_point deadline_;
  Lifetime wish_;  // of the present wish
};

// What a human's uhubctl would be called with, for messages.
std::string uhubctl_command(const HubPort& where, Power power);

}  // namespace pizwg
