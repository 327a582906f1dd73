#include "core/ipv4.h"

#include <algorithm>
#include <charconv>
#include <fmt/format.h>

namespace pizwg {
namespace {

std::uint32_t mask_of(unsigned prefix) {
  return prefix == 0 ? 0 : ~std::uint32_t{0} << (32 - prefix);
}

// The number at the front of `text`, which is taken off.
std::optional<std::uint32_t> take_number(std::string_view& text) {
  unsigned number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  const auto digits = static_cast<std::size_t>(end - text.data());
  if (error != std::errc() || number > 255 || digits > 3 || (digits > 1 && text.front() == '0')) {
    return std::nullopt;
  }
  text.remove_prefix(digits);
  return number;
}

}  // namespace

std::optional<Ipv4> Ipv4::parse(std::string_view text) {
  Ipv4 address;
  for (int part = 0; part < 4; ++part) {
    if (part > 0) {
      if (!text.starts_with('.')) return std::nullopt;
      text.remove_prefix(1);
    }
    const auto number = take_number(text);
    if (!number) return std::nullopt;
    address.value = address.value << 8 | *number;
  }
  if (!text.empty()) return std::nullopt;
  return address;
}

std::string Ipv4::text() const {
  return fmt::format("{}.{}.{}.{}", value >> 24, value >> 16 & 0xff, value >> 8 & 0xff, value & 0xff);
}

Ipv4 Ipv4Interface::network() const {
  return {address.value & mask_of(prefix)};
}

Ipv4 Ipv4Interface::broadcast() const {
  return {address.value | ~mask_of(prefix)};
}

bool Ipv4Interface::contains(Ipv4 other) const {
  return (other.value & mask_of(prefix)) == network().value;
}

std::string Ipv4Interface::text() const {
  return fmt::format("{}/{}", address.text(), prefix);
}

Result<Ipv4> default_vip(const Ipv4Interface& host) {
  if (host.prefix > 30) {
    return fail(fmt::format("{} leaves no address for the VIP", host.text()),
                "set vip = \"…\" in pizwg.toml");
  }
  const Ipv4 last{host.broadcast().value - 1};
  if (last == host.address) {
    return fail(fmt::format("the VIP would be {}, which is this host's own address", last.text()),
                "give this host another address, or set vip = \"…\" in pizwg.toml on every host");
  }
  return last;
}

unsigned default_priority(Ipv4 host) {
  return std::clamp(host.value & 0xff, std::uint32_t{1}, std::uint32_t{254});
}

}  // namespace pizwg
