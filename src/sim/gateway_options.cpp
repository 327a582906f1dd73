#include "sim/gateway_options.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstdlib>
#include <fmt/format.h>
#include <iterator>
#include <string_view>
#include <vector>

#include <CLI/CLI.hpp>

#include "base/text.h"
#include "core/usb_path.h"
#include "sim/command.h"

namespace pizwg::sim {
namespace {

std::string help_hint_of(const CLI::App& app) {
  return fmt::format("see {} --help", app.get_name());
}

constexpr double longest_seconds = 3600;
constexpr unsigned most_ports = 14;  // that uhubctl knows

// The words as they were typed; what they mean, and within which limits, is checked below, so that our
// messages say so.
struct Words {
  std::string link;
  std::string home_id = "C0FFEE01";
  std::string nodes = "1,2,3";
  std::string pace = "0";
  std::string start_delay = "0";
  std::string report_every = "0";
  bool echo = false;
  bool quiet_start = false;
};

void declare(CLI::App& app, Words& words) {
  const auto option = [&app](const char* name, std::string& word, const char* unit, const char* help) {
    CLI::Option* added = app.add_option(name, word, help)->type_name(unit);
    return word.empty() ? added->required() : added->capture_default_str();
  };
  option("--link", words.link, "PATH", "symlink to the simulated stick's tty");
  option("--home-id", words.home_id, "HEX", "8 hexadecimal digits");
  option("--nodes", words.nodes, "LIST", "1 is the stick, the others are switches");
  option("--pace", words.pace, "BAUD", "bits a second, 10 a byte; 0: no limit");
  option("--start-delay", words.start_delay, "SECONDS", "from power to the link");
  option("--report-every", words.report_every, "SECONDS", "report unasked; 0: never");
  app.add_flag("--echo", words.echo, "say every byte back, no Serial API");
  app.add_flag("--quiet-start", words.quiet_start, "like a 500 series stick: silent after a reset");
  app.footer("On standard input, one a line:\n" + command_help());
  app.allow_extras();
}

struct HubWords {
  std::string socket;
  std::string power_log;
  std::string location = "1-1";
  std::string ports = "4";
  std::string port = "1";
  std::string power = "on";
  bool ganged = false;
};

void declare(CLI::App& app, HubWords& words) {
  const char* const from_environment = std::getenv(hub_variable);
  if (from_environment != nullptr) words.socket = from_environment;
  const auto option = [&app](const char* name, std::string& word, const char* unit, const char* help) {
    return app.add_option(name, word, help)->type_name(unit)->capture_default_str();
  };
  option("--socket", words.socket, "PATH", "for uhubctl; else $PIZWG_SIM_HUB");
  option("--power-log", words.power_log, "FILE", "log when the gateway had power");
  option("--location", words.location, "PLACE", "the hub's place on the USB");
  option("--ports", words.ports, "N", "how many it has");
  option("--port", words.port, "N", "the gateway's");
  option("--power", words.power, "on|off", "of the ports, when the mains comes");
  app.add_flag("--ganged", words.ganged, "one switch for all ports, like a Raspberry Pi 4");
}

std::unexpected<Error> unexpected_word(const CLI::App& app, const std::string& word) {
  std::vector<std::string> names{"--help"};
  for (const CLI::Option* option : app.get_options()) names.push_back("--" + option->get_lnames().front());
  const std::vector<std::string_view> views(names.begin(), names.end());
  const auto near = did_you_mean(word, views);
  return fail(fmt::format("unknown option {}", in_quotes(word)),
              near ? fmt::format("did you mean {}", *near) : help_hint_of(app));
}

Result<std::uint32_t> parse_home_id(std::string_view text) {
  std::uint32_t id = 0;
  const char* end = text.data() + text.size();
  const auto [stopped, error] = std::from_chars(text.data(), end, id, 16);
  if (error == std::errc() && stopped == end && text.size() == 8) return id;
  return fail(fmt::format("bad value {} for --home-id", in_quotes(text)),
              "give 8 hexadecimal digits, such as C0FFEE01");
}

Result<std::vector<std::uint8_t>> parse_nodes(std::string_view text) {
  std::vector<std::uint8_t> nodes;
  for (std::size_t begin = 0; begin <= text.size();) {
    const std::size_t end = std::min(text.find(',', begin), text.size());
    const auto node = parse_number("--nodes", text.substr(begin, end - begin), own_node, largest_node);
    if (!node) return std::unexpected(node.error());
    nodes.push_back(static_cast<std::uint8_t>(*node));
    begin = end + 1;
  }
  return nodes;
}

Result<std::chrono::milliseconds> parse_seconds(std::string_view name, std::string_view text) {
  double seconds = 0;
  const char* end = text.data() + text.size();
  const auto [stopped, error] = std::from_chars(text.data(), end, seconds);
  if (error == std::errc() && stopped == end && seconds >= 0 && seconds <= longest_seconds) {
    return std::chrono::milliseconds(std::lround(seconds * 1000));
  }
  return fail(fmt::format("bad value {} for {}", in_quotes(text), name),
              fmt::format("give seconds from 0 to {}", longest_seconds));
}

// Puts a parsed value in its place, or keeps the first error.
template <typename Value, typename Field>
void put(Result<Value> value, Field& field, std::optional<Error>& first_error) {
  if (value) {
    field = std::move(*value);
  } else if (!first_error) {
    first_error = value.error();
  }
}

Result<GatewayOptions> options_of(const Words& words, const std::string& help_hint) {
  GatewayOptions options;
  std::optional<Error> error;
  options.link = words.link;
  put(parse_home_id(words.home_id), options.home_id, error);
  put(parse_nodes(words.nodes), options.nodes, error);
  put(parse_baud("--pace", words.pace), options.baud, error);
  put(parse_seconds("--start-delay", words.start_delay), options.start_delay, error);
  put(parse_seconds("--report-every", words.report_every), options.report_every, error);
  if (error) return std::unexpected(*error);
  if (options.link.empty()) return fail("empty path for --link", help_hint);
  const bool has_switch =
      std::ranges::any_of(options.nodes, [](std::uint8_t node) { return node != own_node; });
  if (options.report_every.count() > 0 && !has_switch) {
    return fail("nobody to report: no switch in --nodes", "add a node from 2 to 232");
  }
  if (words.echo) options.says = GatewayOptions::Says::echo;
  if (words.quiet_start) options.start = GatewayOptions::Start::quiet;
  return options;
}

Result<HubOptions> options_of(const HubWords& words, const std::string& help_hint) {
  if (words.socket.empty()) return fail("--socket is required", help_hint);
  if (!is_hub_location(words.location)) {
    return fail(fmt::format("bad value {} for --location", in_quotes(words.location)),
                "give a place such as 1-1");
  }
  if (words.power != "on" && words.power != "off") {
    return fail(fmt::format("bad value {} for --power", in_quotes(words.power)), "say on or off");
  }
  HubOptions options;
  std::optional<Error> error;
  options.socket = words.socket;
  options.power_log = words.power_log;
  options.location = words.location;
  put(parse_number("--ports", words.ports, 1, most_ports), options.ports, error);
  put(parse_number("--port", words.port, 1, options.ports), options.gateway_port, error);
  if (error) return std::unexpected(*error);
  if (words.power == "off") options.firmware = HubOptions::Power::off;
  if (words.ganged) options.switching = HubOptions::Switching::ganged;
  return options;
}

std::string lower_first(std::string text) {
  if (!text.empty()) text[0] = static_cast<char>(std::tolower(static_cast<unsigned char>(text[0])));
  return text;
}

// Splits the words into what was declared. A text: what to print instead (--help).
Result<std::optional<std::string>> split(CLI::App& app, std::span<const std::string> arguments) {
  std::vector<std::string> reversed(arguments.rbegin(), arguments.rend());  // as CLI11 wants them
  try {
    app.parse(reversed);
  } catch (const CLI::CallForHelp&) {
    return app.help();
  } catch (const CLI::ParseError& error) {
    // A mistyped option is the likelier cause of "--link is required" than a forgotten one.
    if (const auto extra = app.remaining(); !extra.empty()) return unexpected_word(app, extra.front());
    return fail(lower_first(error.what()), help_hint_of(app));
  }
  if (const auto extra = app.remaining(); !extra.empty()) return unexpected_word(app, extra.front());
  return std::nullopt;
}

}  // namespace

Result<GatewayRequest> parse_gateway(std::span<const std::string> arguments) {
  CLI::App app("A simulated Z-Wave stick on a pseudo tty", "pizwg-sim gateway");
  Words words;
  declare(app, words);
  const auto text = split(app, arguments);
  if (!text) return std::unexpected(text.error());
  if (*text) return **text;
  return options_of(words, help_hint_of(app));
}

Result<HubRequest> parse_hub(std::span<const std::string> arguments) {
  CLI::App app("A simulated USB hub with a simulated Z-Wave stick on it", "pizwg-sim hub");
  Words words;
  HubWords hub_words;
  declare(app, words);
  declare(app, hub_words);
  const auto text = split(app, arguments);
  if (!text) return std::unexpected(text.error());
  if (*text) return **text;
  auto gateway = options_of(words, help_hint_of(app));
  if (!gateway) return std::unexpected(gateway.error());
  auto hub = options_of(hub_words, help_hint_of(app));
  if (!hub) return std::unexpected(hub.error());
  return HubRequestOptions{.gateway = std::move(*gateway), .hub = std::move(*hub)};
}

}  // namespace pizwg::sim
