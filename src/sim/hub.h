#pragma once
// A simulated USB hub as a value: which of its ports have power, what it says of them, and what is wrong with
// it. What uhubctl would print is its text; how long anything takes is hub_service.h's affair.

#include <chrono>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace pizwg::sim {

struct HubOptions {
  enum class Switching { per_port, ganged };

  std::filesystem::path socket;     // where uhubctl's stand-in finds it
  std::filesystem::path power_log;  // of the gateway's power; empty: none
  std::string location = "1-1";
  unsigned ports = 4;
  unsigned gateway_port = 1;
  // Ganged: one switch for all. It is open when every port is off, whatever the hub says of each.
  Switching switching = Switching::per_port;
};

struct HubFaults {
  bool stuck = false;                 // switching off does nothing
  bool lies = false;                  // the same, but it says off
  bool hangs = false;                 // uhubctl does not end
  bool denies = false;                // uhubctl is not permitted
  std::chrono::milliseconds late{0};  // from uhubctl's success to the effect
  std::chrono::milliseconds lag{0};   // uhubctl's own time

  bool operator==(const HubFaults&) const = default;
};

class Hub {
 public:
  enum class Power { off, on };

  explicit Hub(HubOptions options);

  HubFaults faults;

  // The mains. When it comes, every port is powered, whatever it was before: so does a kernel that finds a
  // hub.
  void supply(Power power);
  // No ports: all of them. Numbers that it does not have are ignored, as uhubctl does.
  void switch_ports(std::span<const unsigned> ports, Power power);
  // What was switched has its effect.
  void take_effect() { effective_ = wanted_; }

  bool powers_gateway() const;
  bool has_supply() const { return supply_ == Power::on; }

  // "Current status for hub 1-1 [...]", a line for each of the ports. `gateway_seen`: it is on the bus.
  std::string status(std::string_view title, std::span<const unsigned> ports, bool gateway_seen) const;

 private:
  bool among(std::span<const unsigned> ports, unsigned port) const;
  std::string describe() const;

  HubOptions options_;
  Power supply_ = Power::on;
  std::vector<Power> wanted_;     // by port, from 0; what it was told
  std::vector<Power> effective_;  // what is
};

}  // namespace pizwg::sim
