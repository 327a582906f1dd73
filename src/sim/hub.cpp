#include "sim/hub.h"

#include <algorithm>
#include <fmt/format.h>
#include <utility>

namespace pizwg::sim {
namespace {

using Switching = HubOptions::Switching;
using Descriptions = HubQuestion::Descriptions;

constexpr bool has(std::uint32_t ports, unsigned port) {
  return (ports >> (port - 1) & 1U) != 0;
}

}  // namespace

Hub::Hub(HubOptions options) : options_(std::move(options)), ports_(options_.ports) {
  supply(Power::on);
}

void Hub::supply(Power power) {
  supply_ = power;
  const Power given = power == Power::on ? options_.firmware : Power::off;
  std::ranges::fill(ports_, Port{.asked = given, .given = given});
}

void Hub::switch_ports(std::uint32_t ports, Power power) {
  if (!has_supply() || (faults.stuck && power == Power::off)) return;
  for (unsigned port = 1; port <= options_.ports; ++port) {
    if (has(ports, port)) ports_[port - 1].asked = power;
  }
}

void Hub::toggle_ports(std::uint32_t ports) {
  for (unsigned port = 1; port <= options_.ports; ++port) {
    const Power other = says(port) == Power::on ? Power::off : Power::on;
    if (has(ports, port)) switch_ports(1U << (port - 1), other);
  }
}

void Hub::take_effect() {
  const bool any = std::ranges::find(ports_, Power::on, &Port::asked) != ports_.end();
  for (Port& port : ports_) {
    const bool on = options_.switching == Switching::ganged ? any : port.asked == Power::on;
    if (on || !faults.lies) port.given = on ? Power::on : Power::off;
  }
}

bool Hub::connects_gateway() const {
  if (options_.switching == Switching::per_port || faults.lies) return powers_gateway();
  return powers_gateway() && says(options_.gateway_port) == Power::on;
}

// The Pi's hub is ganged and says that it is not, or uhubctl would not touch it.
std::string Hub::status(std::uint32_t ports, Descriptions descriptions, bool gateway_seen) const {
  const bool described = descriptions == Descriptions::wanted;
  std::string text = fmt::format("hub {} [{}{}, USB 2.10, {} ports, ppps]\n", options_.location, hub_ids,
                                 described ? " USB2.0 Hub" : "", options_.ports);
  for (unsigned port = 1; port <= options_.ports; ++port) {
    if (!has(ports, port)) continue;
    const bool connected = port == options_.gateway_port && gateway_seen;
    const char* const stick = described ? " simulated Z-Wave stick" : "";
    text += says(port) == Power::off ? fmt::format("  Port {}: 0000 off\n", port)
            : connected ? fmt::format("  Port {}: 0103 power enable connect [0658:0200{}]\n", port, stick)
                        : fmt::format("  Port {}: 0100 power\n", port);
  }
  return text;
}

}  // namespace pizwg::sim
