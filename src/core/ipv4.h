#pragma once
// IPv4 addresses and subnets as values: text to number, and the address that a subnet's VIP gets by default.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/error.h"

namespace pizwg {

struct Ipv4 {
  std::uint32_t value = 0;  // 192.168.1.254 is 0xc0a801fe

  // Four decimal numbers, nothing else.
  static std::optional<Ipv4> parse(std::string_view text);
  std::string text() const;

  auto operator<=>(const Ipv4&) const = default;
};

// An interface's address and its subnet: 192.168.1.20/24.
struct Ipv4Interface {
  Ipv4 address;
  unsigned prefix = 0;  // 0 to 32

  Ipv4 network() const;
  Ipv4 broadcast() const;
  bool contains(Ipv4 other) const;
  std::string text() const;

  bool operator==(const Ipv4Interface&) const = default;
};

// The last address of the subnet that a host can have: .254 of a /24. Errors: a subnet of at most two
// addresses, or it is this host's own.
Result<Ipv4> default_vip(const Ipv4Interface& host);

// The host's last number, 1 to 254: hosts of one subnet differ in it.
unsigned default_priority(Ipv4 host);

}  // namespace pizwg
