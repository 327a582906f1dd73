#include "core/config.h"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <optional>
#include <vector>

#include <toml++/toml.h>

#include "base/text.h"

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

Complaint read_role(const toml::node& node, Config& config) {
  std::string role;
  if (auto complaint = read_text(node, role)) return complaint;
  if (role != "standalone") return fmt::format("is {}, but must be \"standalone\"", in_quotes(role));
  config.role = Role::standalone;
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

constexpr std::array<Key, 7> keys{{
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
