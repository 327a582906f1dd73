#include "core/host_address.h"

#include <algorithm>
#include <charconv>
#include <fmt/format.h>

#include "base/text.h"

namespace pizwg {
namespace {

struct Halves {
  std::string_view host;
  std::string_view port;  // empty: none was given
  bool sound = true;
};

Halves split(std::string_view text) {
  if (text.starts_with('[')) {
    const auto end = text.find(']');
    if (end == std::string_view::npos) return {.host = {}, .port = {}, .sound = false};
    const auto rest = text.substr(end + 1);
    if (rest.empty()) return {text.substr(1, end - 1), {}, true};
    return {text.substr(1, end - 1), rest.substr(1), rest.front() == ':' && rest.size() > 1};
  }
  const auto colon = text.find(':');
  if (colon == std::string_view::npos || text.rfind(':') != colon)
    return {text, {}, true};  // a name, or IPv6
  return {text.substr(0, colon), text.substr(colon + 1), colon + 1 < text.size()};
}

bool is_host(std::string_view host) {
  return !host.empty() && host.size() <= 253 && std::ranges::all_of(host, [](char c) {
    return c > ' ' && c < 0x7f && c != '/' && c != '[' && c != ']' && c != '"';
  });
}

}  // namespace

std::string HostAddress::text() const {
  return host.find(':') == std::string::npos ? fmt::format("{}:{}", host, port)
                                             : fmt::format("[{}]:{}", host, port);
}

Result<HostAddress> parse_host_address(std::string_view text, std::uint16_t default_port) {
  const auto [host, port, sound] = split(text);
  HostAddress address{.host = std::string(host), .port = default_port};
  const char* end = port.data() + port.size();
  const bool port_is_good = port.empty() ? default_port != 0
                                         : std::from_chars(port.data(), end, address.port) ==
                                               std::from_chars_result{end, std::errc()};
  if (sound && is_host(host) && port_is_good) return address;
  return fail(fmt::format("{} is not HOST:PORT", in_quotes(text)), "it looks like 192.168.1.254:3333");
}

}  // namespace pizwg
