#include "core/usb_path.h"

#include <algorithm>
#include <charconv>
#include <fmt/format.h>

namespace pizwg {
namespace {

constexpr unsigned most_ports = 31;  // of a hub; and no bus has a higher number than 255

std::optional<unsigned> number(std::string_view text, unsigned most) {
  unsigned value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  if (value < 1 || value > most || text.front() == '0') return std::nullopt;
  return value;
}

// "1.2.3": ports from the root hub on. Seven tiers are all that the USB has.
bool are_ports(std::string_view text) {
  for (int tier = 0; tier < 6; ++tier) {
    const auto dot = text.find('.');
    if (!number(text.substr(0, dot), most_ports)) return false;
    if (dot == std::string_view::npos) return true;
    text.remove_prefix(dot + 1);
  }
  return false;
}

}  // namespace

std::optional<HubPort> hub_port_of(std::string_view usb_path) {
  const std::string_view device = usb_path.substr(0, usb_path.find(':'));
  const auto dash = device.find('-');
  if (dash == std::string_view::npos || !is_hub_location(device)) return std::nullopt;
  const auto last = std::max(dash, device.find_last_of("-."));
  const auto port = number(device.substr(last + 1), most_ports);
  if (!port) return std::nullopt;
  return HubPort{.hub = std::string(device.substr(0, last)), .port = *port};
}

bool is_hub_location(std::string_view text) {
  const auto dash = text.find('-');
  if (!number(text.substr(0, dash), 255)) return false;
  return dash == std::string_view::npos || are_ports(text.substr(dash + 1));
}

std::string describe(const HubPort& where) {
  if (where.port == 0) return where.hub + ", all ports";
  return fmt::format("{} port {}", where.hub, where.port);
}

// Both halves of a USB 3 hub are switched, which is uhubctl's own doing. --nodesc: it does not talk to the
// devices on the hub, of which one may be what hangs.
std::vector<std::string> uhubctl_arguments(const HubPort& where, Power power) {
  std::vector<std::string> arguments{"--location", where.hub, "--action", power == Power::on ? "on" : "off",
                                     "--nodesc"};
  if (where.port != 0) arguments.insert(arguments.end(), {"--ports", std::to_string(where.port)});
  return arguments;
}

}  // namespace pizwg
