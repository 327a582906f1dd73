#pragma once
// What /etc/pizwg/pizwg.toml says, as a value. Parsing is strict: an unknown key, a wrong type or a value out
// of range is an error that names file, line and column. Every key has a default except `role`.

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/error.h"

namespace pizwg {

enum class Role { unset, standalone };

struct Config {
  Role role = Role::unset;
  std::string device = "auto";             // a path, or "auto": the one tty that a USB gateway offers
  unsigned baud = 115200;                  // bits per second, 8N1
  std::string listen_address = "0.0.0.0";  // IPv4 or IPv6
  std::uint16_t port = 3333;               // 0: any free port
  std::chrono::seconds idle_limit{300};    // a session without a byte in either direction; 0: for ever
  std::chrono::seconds gateway_grace{8};   // how long a session outlives its gateway's absence

  bool operator==(const Config&) const = default;
};

// `text` is the file's content; `file_name` only appears in messages ("file:line:column: what").
Result<Config> parse_config(std::string_view text, std::string_view file_name);

}  // namespace pizwg
