#pragma once
// What a host's IPv4 network is at a moment, as a value, and which part of it the election uses: the
// interface, and the address on it that is the host's own. Not how that is found out.

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "core/ipv4.h"

namespace pizwg {

struct InterfaceAddress {
  Ipv4Interface address;
  bool secondary = false;  // the kernel's word for a further address of one subnet

  bool operator==(const InterfaceAddress&) const = default;
};

struct NetworkInterface {
  int index = 0;
  std::string name;
  std::array<std::uint8_t, 6> mac{};
  bool carrier = false;  // it is up, and something is at the other end
  bool loopback = false;
  std::vector<InterfaceAddress> addresses;

  bool operator==(const NetworkInterface&) const = default;
};

struct NetworkState {
  std::vector<NetworkInterface> interfaces;
  int default_route = 0;  // the interface of the default route with the smallest metric; 0: there is none

  bool operator==(const NetworkState&) const = default;

  const NetworkInterface* find(std::string_view name) const;
  // The one of that name; "auto": that of the default route, or else the only one that has an address.
  Result<NetworkInterface> choose(std::string_view name) const;
};

// The host's own address: not the VIP, if that is known, and not one that is alone in its subnet (/32), as
// keepalived gives them.
std::optional<Ipv4Interface> own_address(const NetworkInterface& interface, std::optional<Ipv4> vip);

// "b8:27:eb:01:02:03".
std::string mac_text(const std::array<std::uint8_t, 6>& mac);

}  // namespace pizwg
