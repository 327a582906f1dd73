#pragma once
// What /etc/pizwg/pizwg.toml says, as a value. Parsing is strict: an unknown key, a wrong type or a value out
// of range is an error that names file, line and column. Every key has a default except `role`.

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "core/lifecycle.h"

namespace pizwg {

enum class Role { unset, standalone, cluster };

struct Config {
  Role role = Role::unset;
  std::string device = "auto";             // a path, or "auto": the one tty that a USB gateway offers
  unsigned baud = 115200;                  // bits per second, 8N1
  std::string listen_address = "0.0.0.0";  // IPv4 or IPv6
  std::uint16_t port = 3333;               // 0: any free port
  std::chrono::seconds idle_limit{0};      // a session without a byte in either direction; 0: for ever
  std::chrono::seconds gateway_grace{8};   // how long a session outlives its gateway's absence

  // A folder for the node exporter's textfile collector; "auto": metrics in the run folder; "none".
  std::string metrics_folder = "auto";
  // Where what is to outlive the machine's boots is kept, if the folder is there and can be written to.
  std::string state_folder = "/var/lib/pizwg";

  // Of role = "cluster" only.
  std::string hub = "auto";  // "1-1", "auto": the one the gateway hangs on, or "none": it cannot be switched
  unsigned hub_port = 0;     // 0: the gateway's own (auto), or all of the hub's
  std::string interface = "auto";    // "auto": that of the default route
  std::string vip = "auto";          // IPv4; "auto": the .254 of the subnet
  unsigned virtual_router_id = 254;  // 1 to 255
  unsigned priority = 0;             // 1 to 254; 0: the last number of the host's address
  std::vector<std::string> peers;    // IPv4 of the other hosts, for networks without multicast
  AfterSession after_session = AfterSession::release;
  Energise energise = Energise::master;
  std::chrono::seconds gateway_limit{10};  // from power-on to the gateway's being there

  bool operator==(const Config&) const = default;
};

// `text` is the file's content; `file_name` only appears in messages ("file:line:column: what").
Result<Config> parse_config(std::string_view text, std::string_view file_name);

}  // namespace pizwg
