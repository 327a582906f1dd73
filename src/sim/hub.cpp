#include "sim/hub.h"

#include <algorithm>
#include <fmt/format.h>
#include <utility>

namespace pizwg::sim {

Hub::Hub(HubOptions options)
    : options_(std::move(options)),
      wanted_(options_.ports, Power::on),
      effective_(options_.ports, Power::on) {}

void Hub::supply(Power power) {
  supply_ = power;
  std::ranges::fill(wanted_, power);
  std::ranges::fill(effective_, power);
}

void Hub::switch_ports(std::span<const unsigned> ports, Power power) {
  for (unsigned port = 1; port <= options_.ports; ++port) {
    if (among(ports, port)) wanted_[port - 1] = power;
  }
}

bool Hub::among(std::span<const unsigned> ports, unsigned port) const {
  return ports.empty() || std::ranges::find(ports, port) != ports.end();
}

bool Hub::powers_gateway() const {
  if (supply_ == Power::off) return false;
  if (options_.switching == HubOptions::Switching::per_port) {
    return effective_[options_.gateway_port - 1] == Power::on;
  }
  return std::ranges::find(effective_, Power::on) != effective_.end();
}

std::string Hub::describe() const {
  const char* switching = options_.switching == HubOptions::Switching::per_port ? "ppps" : "ganged";
  return fmt::format("{} [2109:3431 USB2.0 Hub, USB 2.10, {} ports, {}]", options_.location, options_.ports,
                     switching);
}

std::string Hub::status(std::string_view title, std::span<const unsigned> ports, bool gateway_seen) const {
  std::string text = fmt::format("{} for hub {}\n", title, describe());
  for (unsigned port = 1; port <= options_.ports; ++port) {
    if (!among(ports, port)) continue;
    // One that is stuck shows that it is; one that lies shows what it was told.
    const Power shown = faults.lies ? wanted_[port - 1] : effective_[port - 1];
    const bool connected = shown == Power::on && port == options_.gateway_port && gateway_seen;
    const char* state = shown == Power::off ? "0000 off"
                        : connected         ? "0103 power enable connect"
                                            : "0100 power";
    text += fmt::format("  Port {}: {}\n", port, state);
  }
  return text;
}

}  // namespace pizwg::sim
