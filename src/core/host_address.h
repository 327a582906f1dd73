#pragma once
// "HOST:PORT" as a value: a name or an address, and a TCP port. Not whether the host exists.

#include <cstdint>
#include <string>
#include <string_view>

#include "base/error.h"

namespace pizwg {

struct HostAddress {
  std::string host;  // a name, IPv4, or IPv6 without its brackets
  std::uint16_t port = 0;

  // As it is typed: "192.168.1.254:3333", "[fe80::1]:3333".
  std::string text() const;

  bool operator==(const HostAddress&) const = default;
};

// "HOST" (then `default_port`; 0: the port must be there) or "HOST:PORT" or "[IPV6]:PORT" or "IPV6".
Result<HostAddress> parse_host_address(std::string_view text, std::uint16_t default_port);

}  // namespace pizwg
