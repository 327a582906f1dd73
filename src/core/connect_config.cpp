#include "core/connect_config.h"

#include <charconv>

#include "core/toml_reader.h"

namespace pizwg {
namespace {

constexpr std::size_t most_hosts = 8;
constexpr std::int64_t an_hour = 3600;

// A value that has a parser of its own.
template <typename Value, typename Parse>
Complaint read_parsed(const toml::node& node, Value& out, Parse parse) {
  std::string text;
  if (auto complaint = read_text(node, text)) return complaint;
  auto value = parse(text);
  if (!value) return "is wrong: " + value.error().what;
  out = *std::move(value);
  return {};
}

Complaint read_hosts(const toml::node& node, ConnectConfig& config) {
  const auto parse = [](std::string_view text) { return parse_host_address(text, gateway_port); };
  config.hosts.assign(1, {});
  const toml::array* list = node.as_array();
  if (list == nullptr) return read_parsed(node, config.hosts.front(), parse);
  if (list->empty() || list->size() > most_hosts) return fmt::format("must have 1 to {} hosts", most_hosts);
  config.hosts.resize(list->size());
  for (std::size_t i = 0; i < list->size(); ++i) {
    if (auto complaint = read_parsed((*list)[i], config.hosts[i], parse)) return complaint;
  }
  return {};
}

template <std::optional<HostAddress> ConnectConfig::*member>
Complaint read_listen_address(const toml::node& node, ConnectConfig& config) {
  return read_parsed(node, config.*member, [](std::string_view text) { return parse_host_address(text, 0); });
}

template <std::string ConnectConfig::*member>
Complaint read_string(const toml::node& node, ConnectConfig& config) {
  return read_text(node, config.*member);
}

template <std::string TtySettings::*member>
Complaint read_tty(const toml::node& node, ConnectConfig& config) {
  return read_text(node, config.tty.*member);
}

constexpr std::array<Key<ConnectConfig>, 17> keys{{
    {"host", read_hosts},
    {"tty", read_tty<&TtySettings::path>},
    {"tty_owner", read_tty<&TtySettings::owner>},
    {"tty_group", read_tty<&TtySettings::group>},
    {"tty_mode", [](const toml::node& node,
                    ConnectConfig& config) { return read_parsed(node, config.tty.mode, parse_mode); }},
    {"tty_reach", [](const toml::node& node,
                     ConnectConfig& config) { return read_parsed(node, config.tty.reach, parse_tty_reach); }},
    {"tcp", read_listen_address<&ConnectConfig::tcp>},
    {"rfc2217", read_listen_address<&ConnectConfig::rfc2217>},
    {"server_certificate", read_string<&ConnectConfig::server_certificate>},
    {"client_pem", read_string<&ConnectConfig::client_pem>},
    {"bundle", read_string<&ConnectConfig::bundle>},
    {"client", read_string<&ConnectConfig::client>},
    {"framing", [](const toml::node& node,
                   ConnectConfig& config) { return read_parsed(node, config.framing, parse_framing); }},
    {"on_outage", [](const toml::node& node,
                     ConnectConfig& config) { return read_parsed(node, config.on_outage, parse_on_outage); }},
    {"hangup_after_seconds",
     [](const toml::node& node, ConnectConfig& config) {
       return read_seconds(node, an_hour, config.hangup_after);
     }},
    {"baud", [](const toml::node& node, ConnectConfig& config) { return read_baud(node, config.baud); }},
    {"metrics_file", read_string<&ConnectConfig::metrics_file>},
}};

}  // namespace

Result<ConnectConfig> parse_connect_config(std::string_view text, std::string_view file_name) {
  return read_toml<ConnectConfig>(text, file_name, keys, "a line looks like: host = \"192.168.1.254\"");
}

Result<unsigned> parse_mode(std::string_view octal) {
  unsigned mode = 0;
  const char* end = octal.data() + octal.size();
  if (std::from_chars(octal.data(), end, mode, 8) == std::from_chars_result{end, std::errc()} &&
      mode <= 0777) {
    return mode;
  }
  return fail(fmt::format("{} is no file mode", in_quotes(octal)), "it looks like 0660");
}

Result<Framing> parse_framing(std::string_view word) {
  if (word == "zwave") return Framing::zwave;
  if (word == "none") return Framing::none;
  return fail(fmt::format("{} is no framing", in_quotes(word)),
              "zwave, or none for Zigbee, Thread and the rest");
}

Result<OnOutage> parse_on_outage(std::string_view word) {
  if (word == "hold") return OnOutage::hold;
  if (word == "hangup") return OnOutage::hangup;
  return fail(fmt::format("{} is neither hold nor hangup", in_quotes(word)), "the port stays, or is closed");
}

Result<TtyReach> parse_tty_reach(std::string_view word) {
  if (word == "machine") return TtyReach::machine;
  if (word == "pod") return TtyReach::pod;
  return fail(fmt::format("{} is neither machine nor pod", in_quotes(word)),
              "pod when another container of the pod opens the tty");
}

Result<void> check(const ConnectConfig& config) {
  if (config.hosts.empty()) {
    return fail("no host to connect to", "name it: pizwg-connect 192.168.1.254, or host = \"192.168.1.254\"");
  }
  if (config.tty.path.empty() && !config.tcp && !config.rfc2217) {
    return fail("nothing that an application could open",
                "name one: --tty /dev/ttyUSB254, --tcp or --rfc2217");
  }
  return {};
}

}  // namespace pizwg
