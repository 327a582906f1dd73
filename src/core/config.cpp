#include "core/config.h"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <optional>
#include <vector>

#include <toml++/toml.h>

#include "base/text.h"
#include "core/ipv4.h"
#include "core/toml_reader.h"
#include "core/usb_path.h"

namespace pizwg {
namespace {

Complaint read_role(const toml::node& node, Config& config) {
  return read_word<Role, 2>(node, {{{"standalone", Role::standalone}, {"cluster", Role::cluster}}},
                            config.role);
}

Complaint read_after_session(const toml::node& node, Config& config) {
  return read_word<AfterSession, 4>(node,
                                    {{{"release", AfterSession::release},
                                      {"keep", AfterSession::keep},
                                      {"soft-reboot", AfterSession::soft_reboot},
                                      {"reboot", AfterSession::reboot}}},
                                    config.after_session);
}

Complaint read_energise(const toml::node& node, Config& config) {
  return read_word<Energise, 2>(node, {{{"master", Energise::master}, {"client", Energise::client}}},
                                config.energise);
}

Complaint read_folder(const toml::node& node, std::string& out) {
  if (auto complaint = read_text(node, out)) return complaint;
  if (out.starts_with('/')) return {};
  return fmt::format("is {}, but must be a folder's path from /", in_quotes(out));
}

Complaint read_metrics_folder(const toml::node& node, Config& config) {
  if (auto complaint = read_text(node, config.metrics_folder)) return complaint;
  if (config.metrics_folder == "auto" || config.metrics_folder == "none") return {};
  if (config.metrics_folder.starts_with('/')) return {};
  return fmt::format("is {}, but must be \"auto\", \"none\" or a folder's path from /",
                     in_quotes(config.metrics_folder));
}

Complaint read_hub(const toml::node& node, Config& config) {
  if (auto complaint = read_text(node, config.hub)) return complaint;
  if (config.hub == "auto" || config.hub == "none" || is_hub_location(config.hub)) return {};
  return fmt::format("is {}, but must be \"auto\", \"none\" or a hub's place such as \"1-1\"",
                     in_quotes(config.hub));
}

// Linux's own limits: 15 characters, no slash, no space.
Complaint read_interface(const toml::node& node, Config& config) {
  if (auto complaint = read_text(node, config.interface)) return complaint;
  const bool good = config.interface.size() <= 15 && std::ranges::all_of(config.interface, [](char c) {
                      return c > ' ' && c < 0x7f && c != '/' && c != '"';
                    });
  if (!good) return fmt::format("is {}, which no network interface is called", in_quotes(config.interface));
  return {};
}

Complaint read_vip(const toml::node& node, Config& config) {
  if (auto complaint = read_text(node, config.vip)) return complaint;
  if (config.vip == "auto" || Ipv4::parse(config.vip)) return {};
  return fmt::format("is {}, but must be \"auto\" or an IPv4 address", in_quotes(config.vip));
}

Complaint read_peers(const toml::node& node, Config& config) {
  const toml::array* list = node.as_array();
  if (list == nullptr) return "must be a list of IPv4 addresses: [\"192.168.1.20\"]";
  if (list->size() > 16) return fmt::format("has {} addresses, but 16 are the most", list->size());
  config.peers.clear();
  for (const auto& element : *list) {
    std::string peer;
    if (auto complaint = read_text(element, peer)) return "must be a list of IPv4 addresses in double quotes";
    if (!Ipv4::parse(peer)) return fmt::format("has {}, which is no IPv4 address", in_quotes(peer));
    config.peers.push_back(peer);
  }
  return {};
}

template <std::int64_t least, std::int64_t most, unsigned Config::*member>
Complaint read_number(const toml::node& node, Config& config) {
  std::int64_t number = 0;
  if (auto complaint = read_integer(node, least, most, number)) return complaint;
  config.*member = static_cast<unsigned>(number);
  return {};
}

Complaint read_baud(const toml::node& node, Config& config) {
  return pizwg::read_baud(node, config.baud);
}

Complaint read_port(const toml::node& node, Config& config) {
  std::int64_t port = 0;
  if (auto complaint = read_integer(node, 0, 65535, port)) return complaint;
  config.port = static_cast<std::uint16_t>(port);
  return {};
}

constexpr std::int64_t a_day = std::int64_t{24} * 60 * 60;

constexpr std::array<Key<Config>, 19> keys{{
    {"role", read_role},
    {"device", [](const toml::node& node, Config& config) { return read_text(node, config.device); }},
    {"baud", read_baud},
    {"listen_address",
     [](const toml::node& node, Config& config) { return read_text(node, config.listen_address); }},
    {"port", read_port},
    {"idle_limit_seconds",
     [](const toml::node& node, Config& config) { return read_seconds(node, a_day, config.idle_limit); }},
    {"gateway_grace_seconds",
     [](const toml::node& node, Config& config) { return read_seconds(node, 60, config.gateway_grace); }},
    {"metrics_folder", read_metrics_folder},
    {"state_folder",
     [](const toml::node& node, Config& config) { return read_folder(node, config.state_folder); }},
    {"hub", read_hub},
    {"hub_port", read_number<0, 31, &Config::hub_port>},
    {"interface", read_interface},
    {"vip", read_vip},
    {"virtual_router_id", read_number<1, 255, &Config::virtual_router_id>},
    {"priority", read_number<0, 254, &Config::priority>},
    {"peers", read_peers},
    {"after_session", read_after_session},
    {"energise", read_energise},
    {"gateway_limit_seconds",
     [](const toml::node& node, Config& config) {
       std::int64_t seconds = 0;
       if (auto complaint = read_integer(node, 1, 120, seconds)) return complaint;
       config.gateway_limit = std::chrono::seconds(seconds);
       return Complaint{};
     }},
}};

}  // namespace

Result<Config> parse_config(std::string_view text, std::string_view file_name) {
  return read_toml<Config>(text, file_name, keys, "a line looks like: device = \"/dev/ttyACM0\"");
}

}  // namespace pizwg
