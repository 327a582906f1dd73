#include "core/vrrp.h"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <utility>

#include "base/text.h"

namespace pizwg {
namespace {

Result<Ipv4> vip_for(const Config& config, const NetworkInterface& interface) {
  if (config.vip != "auto") return *Ipv4::parse(config.vip);  // parse_config() has seen to it
  const auto address = own_address(interface, std::nullopt);
  if (!address) {
    return fail(fmt::format("{} has no IPv4 address", interface.name),
                "has DHCP answered? ip address shows it");
  }
  return default_vip(*address);
}

std::string render_peers(const ElectionSettings& settings) {
  if (settings.peers.empty()) return {};
  std::string text = fmt::format("  unicast_src_ip {}\n  unicast_peer {{\n", settings.address.address.text());
  for (const Ipv4 peer : settings.peers) {
    // Every host may have the same list.
    if (peer != settings.address.address) text += fmt::format("    {}\n", peer.text());
  }
  return text + "  }\n";
}

}  // namespace

Result<ElectionSettings> election_settings(const Config& config, const NetworkState& network) {
  const auto interface = network.choose(config.interface);
  if (!interface) return std::unexpected(interface.error());
  const auto vip = vip_for(config, *interface);
  if (!vip) return std::unexpected(vip.error());
  const auto address = own_address(*interface, *vip);
  if (!address) {
    return fail(fmt::format("{} has no IPv4 address of its own", interface->name),
                "has DHCP answered? ip address shows it");
  }
  ElectionSettings settings{
      .interface = interface->name,
      .router_id = mac_text(interface->mac),
      .address = *address,
      .vip = *vip,
      .virtual_router_id = config.virtual_router_id,
      .priority = config.priority != 0 ? config.priority : default_priority(address->address),
      .peers = {}};
  for (const std::string& peer : config.peers) settings.peers.push_back(*Ipv4::parse(peer));
  return settings;
}

std::string render_keepalived(const ElectionSettings& settings, const ElectionPaths& paths) {
  return fmt::format(
      R"(# Made by pizwgd from what this host is, each time keepalived starts. What is written here is lost:
# /etc/pizwg/pizwg.toml is the place for changes.
global_defs {{
  router_id {router_id}
  # Version 2 mangles intervals below a second.
  vrrp_version 3
  # A master that is busy must not look dead.
  vrrp_rt_priority 50
  # With that priority the kernel kills it after so many microseconds of work in one go, and its own default, 10 ms, is
  # two ticks of the clock. Whether it is stuck, pizwgd sees sooner.
  vrrp_rlimit_rttime 1000000
  # After a partition: the loser hears at once that there is a winner, and the network where the VIP is.
  vrrp_higher_prio_send_advert true
  vrrp_garp_master_refresh 1
  vrrp_notify_fifo {notices}
  fifo_write_vrrp_states_on_reload
}}

# Anything but 0 in it: this host is not fit to be master. Without the file it is not fit either.
track_file veto {{
  file {veto}
  weight 0
  init_file 1
}}

vrrp_instance {instance} {{
  state BACKUP
  nopreempt
  interface {interface}
  virtual_router_id {virtual_router_id}
  priority {priority}
  advert_int 0.1
{peers}  track_file {{
    veto weight 0
  }}
  virtual_ipaddress {{
    {vip}
  }}
}}
)",
      fmt::arg("router_id", settings.router_id), fmt::arg("notices", paths.notices),
      fmt::arg("veto", paths.veto), fmt::arg("instance", vrrp_instance),
      fmt::arg("interface", settings.interface), fmt::arg("virtual_router_id", settings.virtual_router_id),
      fmt::arg("priority", settings.priority), fmt::arg("peers", render_peers(settings)),
      fmt::arg("vip", settings.vip.text()));
}

std::optional<VrrpState> parse_notice(std::string_view line) {
  constexpr std::string_view kind = "INSTANCE ";
  line = trimmed(line);
  if (!line.starts_with(kind)) return std::nullopt;
  line.remove_prefix(kind.size());
  const std::string name = fmt::format("\"{}\" ", vrrp_instance);
  if (!line.starts_with(name)) return std::nullopt;
  line.remove_prefix(name.size());
  static constexpr std::array<std::pair<std::string_view, VrrpState>, 4> states{{
      {"MASTER", VrrpState::master},
      {"BACKUP", VrrpState::backup},
      {"FAULT", VrrpState::fault},
      {"STOP", VrrpState::stopped},
  }};
  const std::string_view word = line.substr(0, line.find(' '));
  const auto found = std::ranges::find(states, word, &std::pair<std::string_view, VrrpState>::first);
  if (found == states.end())
    return std::nullopt;  // MASTER_RX_LOWER_PRI, MASTER_PRIORITY, …: no change of state
  return found->second;
}

std::string_view word_for(VrrpState state) {
  switch (state) {
    case VrrpState::unknown:
      return "unknown";
    case VrrpState::backup:
      return "backup";
    case VrrpState::master:
      return "master";
    case VrrpState::fault:
      return "fault";
    case VrrpState::stopped:
      return "stopped";
  }
  return "";
}

}  // namespace pizwg
