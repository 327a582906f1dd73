#pragma once
// What pizwg-connect is told by its file and its command line, as a value. Parsing is as strict as
// pizwg.toml's.

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "core/host_address.h"

namespace pizwg {

inline constexpr std::uint16_t gateway_port = 3333;

enum class Framing { zwave, none };
// What the application sees while the uplink is away: its port stays, or is closed on its side.
enum class OnOutage { hold, hangup };
// Who opens the tty: whoever sees our /dev/pts, or another container that sees our processes.
enum class TtyReach { machine, pod };

struct TtySettings {
  std::string path;     // empty: no tty
  std::string owner{};  // a user's name; empty: who runs pizwg-connect
  std::string group{};
  unsigned mode = 0660;
  TtyReach reach = TtyReach::machine;

  bool operator==(const TtySettings&) const = default;
};

struct ConnectConfig {
  std::vector<HostAddress> hosts;
  TtySettings tty{};
  std::optional<HostAddress> tcp{};
  std::optional<HostAddress> rfc2217{};
  std::string server_certificate = "/etc/pizwg/ser2net.crt";
  std::string client_pem = "/etc/pizwg/pizwg-client.pem";
  std::string bundle{};  // backup.tar, instead of the two
  std::string client = "pizwg-client";
  Framing framing = Framing::zwave;
  OnOutage on_outage = OnOutage::hold;
  std::chrono::seconds hangup_after{0};  // of an outage; 0: never
  unsigned baud = 115200;                // the gateway's, told to RFC 2217 clients
  std::string metrics_file{};            // empty: none

  bool operator==(const ConnectConfig&) const = default;
};

// `text` is the file's content; `file_name` only appears in messages ("file:line:column: what").
Result<ConnectConfig> parse_connect_config(std::string_view text, std::string_view file_name);

// The words and numbers that the command line has, too; the errors are without a place.
Result<unsigned> parse_mode(std::string_view octal);
Result<Framing> parse_framing(std::string_view word);
Result<OnOutage> parse_on_outage(std::string_view word);
Result<TtyReach> parse_tty_reach(std::string_view word);

// What is wrong with the whole: no host, or nothing that an application could open.
Result<void> check(const ConnectConfig& config);

}  // namespace pizwg
