#pragma once
// A simulated USB hub as a value: what its ports were asked for, what it says of them, and which have power.
// What uhubctl would print is its text; how long anything takes is hub_service.h's affair.

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "sim/hub_question.h"

namespace pizwg::sim {

struct HubOptions {
  enum class Power { off, on };
  enum class Switching {
    per_port,
    // One switch for all, which is off when every port is: the Raspberry Pi 4's. It says of each port what
    // that was asked for, and what hangs on one that is off is not on the bus, but may have power.
    ganged
  };

  std::filesystem::path socket;     // where uhubctl's stand-in finds it
  std::filesystem::path power_log;  // of the gateway's power; empty: none
  std::string location = "1-1";
  unsigned ports = 4;
  unsigned gateway_port = 1;
  Switching switching = Switching::per_port;
  Power firmware = Power::on;  // what the ports get when the mains comes, and at the start
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
  using Power = HubOptions::Power;
  // Ports are bits: 1 is port 1. Those that it does not have are ignored, as uhubctl does.
  static constexpr std::uint32_t all_ports = ~0U;

  explicit Hub(HubOptions options);

  HubFaults faults;

  // The mains. When it comes, every port gets what the firmware gives, whatever it was before.
  void supply(Power power);
  void switch_ports(std::uint32_t ports, Power power);
  void toggle_ports(std::uint32_t ports);
  // What was switched has its effect.
  void take_effect();

  bool has_supply() const { return supply_ == Power::on; }
  bool powers_gateway() const { return has_power(options_.gateway_port); }
  // It has power, and the host can see it.
  bool connects_gateway() const;
  Power says(unsigned port) const { return ports_.at(port - 1).asked; }

  // "hub 1-1 [...]", and a line for each of the ports. `gateway_seen`: it has come to life.
  std::string status(std::uint32_t ports, HubQuestion::Descriptions descriptions, bool gateway_seen) const;

 private:
  struct Port {
    Power asked = Power::off;
    Power given = Power::off;
  };

  bool has_power(unsigned port) const { return ports_.at(port - 1).given == Power::on; }

  HubOptions options_;
  Power supply_ = Power::on;
  std::vector<Port> ports_;  // from port 1
};

}  // namespace pizwg::sim
