#include "core/config.h"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <optional>
#include <vector>

#include <toml++/toml.h>

#include "base/text.h"
#include "core/ipv4.h"
#include "core/usb_path.h"

namespace pizwg {
namespace {

// What is wrong with a value, without the place; the caller knows that.
using Complaint = std::optional<std::string>;

Complaint read_text(const toml::node& node, std::string& out) {
  const auto value = node.value_exact<std::string>();
  if (!value) return "must be a text in double quotes";
  if (value->empty()) return "must not be empty";
  out = *value;
  return {};
}

Complaint read_integer(const toml::node& node, std::int64_t least, std::int64_t most, std::int64_t& out) {
  const auto value = node.value_exact<std::int64_t>();
  if (!value) return fmt::format("must be a whole number from {} to {}", least, most);
  if (*value < least || *value > most)
    return fmt::format("is {}, but must be from {} to {}", *value, least, most);
  out = *value;
  return {};
}

Complaint read_seconds(const toml::node& node, std::int64_t most, std::chrono::seconds& out) {
  std::int64_t seconds = 0;
  if (auto complaint = read_integer(node, 0, most, seconds)) return complaint;
  out = std::chrono::seconds(seconds);
  return {};
}

// One of a few words, each with its value.
template <typename Value, std::size_t count>
Complaint read_word(const toml::node& node,
                    const std::array<std::pair<std::string_view, Value>, count>& words, Value& out) {
  std::string text;
  if (auto complaint = read_text(node, text)) return complaint;
  const auto found = std::ranges::find(words, text, &std::pair<std::string_view, Value>::first);
  if (found != words.end()) return out = found->second, std::nullopt;
  std::vector<std::string> known;
  for (const auto& [word, value] : words) known.push_back(in_quotes(word));
  return fmt::format("is {}, but must be {}", in_quotes(text), fmt::join(known, " or "));
}

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
  // The speeds that Linux's termios has a constant for and that gateways use.
  static constexpr std::array<std::int64_t, 10> speeds{9600,   19200,  38400,  57600,  115200,
                                                       230400, 460800, 500000, 921600, 1000000};
  std::int64_t baud = 0;
  if (auto complaint = read_integer(node, speeds.front(), speeds.back(), baud)) return complaint;
  if (std::ranges::find(speeds, baud) == speeds.end()) {
    return fmt::format("is {}, but must be one of {}", baud, fmt::join(speeds, ", "));
  }
  config.baud = static_cast<unsigned>(baud);
  return {};
}

Complaint read_port(const toml::node& node, Config& config) {
  std::int64_t port = 0;
  if (auto complaint = read_integer(node, 0, 65535, port)) return complaint;
  config.port = static_cast<std::uint16_t>(port);
  return {};
}

struct Key {
  std::string_view name;
  Complaint (*read)(const toml::node&, Config&);
};

constexpr std::int64_t a_day = std::int64_t{24} * 60 * 60;

constexpr std::array<Key, 19> keys{{
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

std::unexpected<Error> fail_at(std::string_view file, const toml::source_region& place, std::string_view what,
                               std::string hint = {}) {
  return fail(fmt::format("{}:{}:{}: {}", file, place.begin.line, place.begin.column, what), std::move(hint));
}

std::unexpected<Error> unknown_key(std::string_view file, const toml::key& key) {
  std::vector<std::string_view> names;
  names.reserve(keys.size());
  for (const Key& known : keys) names.push_back(known.name);
  const auto meant = did_you_mean(key.str(), names);
  return fail_at(file, key.source(), fmt::format("unknown key {}", in_quotes(key.str())),
                 meant ? fmt::format("did you mean {}?", in_quotes(*meant))
                       : fmt::format("the keys are {}", fmt::join(names, ", ")));
}

Result<Config> read_table(const toml::table& table, std::string_view file) {
  Config config;
  for (const auto& [name, node] : table) {
    const auto key = std::ranges::find(keys, name.str(), &Key::name);
    if (key == keys.end()) return unknown_key(file, name);
    if (const auto complaint = key->read(node, config)) {
      return fail_at(file, node.source(), fmt::format("{} {}", key->name, *complaint));
    }
  }
  return config;
}

}  // namespace

Result<Config> parse_config(std::string_view text, std::string_view file_name) {
  try {
    return read_table(toml::parse(text), file_name);
  } catch (const toml::parse_error& error) {
    return fail_at(file_name, error.source(), fmt::format("not TOML: {}", error.description()),
                   "a line looks like: device = \"/dev/ttyACM0\"");
  }
}

}  // namespace pizwg
