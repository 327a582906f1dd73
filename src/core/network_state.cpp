#include "core/network_state.h"

#include <algorithm>
#include <fmt/format.h>

#include "base/text.h"

namespace pizwg {

const NetworkInterface* NetworkState::find(std::string_view name) const {
  const auto found = std::ranges::find(interfaces, name, &NetworkInterface::name);
  return found == interfaces.end() ? nullptr : &*found;
}

Result<NetworkInterface> NetworkState::choose(std::string_view name) const {
  if (name != "auto") {
    if (const NetworkInterface* named = find(name)) return *named;
    return fail(fmt::format("there is no network interface {}", in_quotes(name)),
                "ip link lists them; interface = \"auto\" takes that of the default route");
  }
  const auto routed = std::ranges::find(interfaces, default_route, &NetworkInterface::index);
  if (default_route != 0 && routed != interfaces.end()) return *routed;
  const auto usable = [](const NetworkInterface& one) { return !one.loopback && !one.addresses.empty(); };
  if (std::ranges::count_if(interfaces, usable) == 1) return *std::ranges::find_if(interfaces, usable);
  return fail("there is no default route",
              "is the cable plugged in, and DHCP answered? interface = \"eth0\" names one");
}

std::optional<Ipv4Interface> own_address(const NetworkInterface& interface, std::optional<Ipv4> vip) {
  const InterfaceAddress* best = nullptr;
  for (const InterfaceAddress& candidate : interface.addresses) {
    if (candidate.address.address == vip || candidate.address.prefix > 31) continue;
    if (best == nullptr || (best->secondary && !candidate.secondary)) best = &candidate;
  }
  if (best == nullptr) return std::nullopt;
  return best->address;
}

std::string mac_text(const std::array<std::uint8_t, 6>& mac) {
  return fmt::format("{:02x}", fmt::join(mac, ":"));
}

}  // namespace pizwg
