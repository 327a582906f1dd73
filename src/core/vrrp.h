#pragma once
// VRRP as keepalived does it for us: its configuration, rendered from what this host is, and the notices that
// it writes. The figures are measured; ARCHITECTURE.md has them.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "core/config.h"
#include "core/ipv4.h"
#include "core/network_state.h"

namespace pizwg {

inline constexpr std::string_view vrrp_instance = "pizwg";

// Where keepalived and pizwgd meet.
struct ElectionPaths {
  std::string veto = "/run/pizwg/veto";
  std::string notices = "/run/pizwg/notify";  // the FIFO that keepalived writes to
  std::string configuration = "/run/keepalived/pizwg.conf";
  std::string vrrp_pid = "/run/keepalived/vrrp.pid";  // of its VRRP process
};

// All that the election of this host depends on.
struct ElectionSettings {
  std::string interface;  // "eth0"
  std::string router_id;  // its MAC
  Ipv4Interface address;
  Ipv4 vip;
  unsigned virtual_router_id = 254;
  unsigned priority = 1;    // 1 to 254
  std::vector<Ipv4> peers;  // empty: multicast

  bool operator==(const ElectionSettings&) const = default;
};

// Errors: no interface, no address, no address left for the VIP.
Result<ElectionSettings> election_settings(const Config& config, const NetworkState& network);

std::string render_keepalived(const ElectionSettings& settings, const ElectionPaths& paths);

enum class VrrpState { unknown, backup, master, fault, stopped };

// The state that a line of the notify FIFO tells of our instance; empty when it tells of something else.
//   INSTANCE "pizwg" MASTER 20
std::optional<VrrpState> parse_notice(std::string_view line);

// "master", for logs.
std::string_view word_for(VrrpState state);

}  // namespace pizwg
