#include "connect/options.h"

#include <fmt/format.h>
#include <iostream>
#include <string_view>

#include <CLI/CLI.hpp>

#include "base/file.h"
#include "base/text.h"

namespace pizwg {
namespace {

constexpr std::string_view help_hint = "pizwg-connect --help lists the options";
constexpr std::size_t largest_config = 64 * 1024;

int report(const Error& error) {
  std::cerr << describe("pizwg-connect", error);
  return 2;
}

void add_file_options(CLI::App& app, ConnectOptions& options) {
  app.add_option("--config", options.config_file, "configuration file; the command line wins over it")
      ->type_name("FILE");
  app.add_option("--control", options.control, "socket for pizwg-connect status")->type_name("PATH");
  app.add_option("--server-certificate", options.server_certificate, "the server's certificate (ser2net.crt)")
      ->type_name("FILE");
  app.add_option("--client-pem", options.client_pem, "our key and certificate (pizwg-client.pem)")
      ->type_name("FILE");
  app.add_option("--bundle", options.bundle, "take both out of a backup.tar instead")->type_name("FILE");
  app.add_option("--client", options.client, "which client of the bundle we are")->type_name("NAME");
  app.add_option("--metrics-file", options.metrics_file, "keep metrics for the node exporter here")
      ->type_name("FILE");
}

void add_port_options(CLI::App& app, ConnectOptions& options) {
  app.add_option("--tty", options.tty, "offer a serial port at PATH, as /dev/ttyUSB254")->type_name("PATH");
  app.add_option("--owner", options.tty_owner, "user that owns the tty")->type_name("USER");
  app.add_option("--group", options.tty_group, "group of the tty")->type_name("GROUP");
  app.add_option("--mode", options.tty_mode, "mode of the tty, 0660 by default")->type_name("MODE");
  app.add_option("--tty-reach", options.tty_reach, "machine (the default); or pod: its containers, too")
      ->type_name("WORD");
  app.add_option("--tcp", options.tcp, "offer tcp:// on ADDRESS:PORT")->type_name("ADDRESS:PORT");
  app.add_option("--rfc2217", options.rfc2217, "offer rfc2217:// on ADDRESS:PORT")->type_name("ADDRESS:PORT");
  app.add_option("--baud", options.baud, "the gateway's speed, told to rfc2217 clients")->type_name("RATE");
  app.add_option("--framing", options.framing, "zwave (the default): whole frames only; or none")
      ->type_name("WORD");
  app.add_option("--on-outage", options.on_outage, "hold (the default): the port stays; or hangup")
      ->type_name("WORD");
  app.add_option("--hangup-after", options.hangup_after, "hang up after this many seconds of outage")
      ->type_name("SECONDS");
}

Error unexpected_word(const CLI::App& app, const std::string& word) {
  std::vector<std::string> names;
  for (const CLI::Option* option : app.get_options()) {
    if (!option->get_lnames().empty()) names.push_back("--" + option->get_lnames().front());
  }
  const std::vector<std::string_view> views(names.begin(), names.end());
  const auto meant = did_you_mean(word, views);
  return {
      .what = fmt::format("unknown {} {}", word.starts_with('-') ? "option" : "argument", in_quotes(word)),
      .hint = meant ? fmt::format("did you mean {}?", *meant) : std::string(help_hint)};
}

Result<void> read_file_of(const ConnectOptions& options, ConnectConfig& config) {
  if (options.config_file.empty()) return {};
  const auto text = read_file(options.config_file, largest_config);
  if (!text) return std::unexpected(text.error());
  auto parsed = parse_connect_config(*text, options.config_file);
  if (!parsed) return std::unexpected(parsed.error());
  config = *std::move(parsed);
  return {};
}

// `value` by `parse` of a word that was typed, if it was; the first mistake is kept.
template <typename Value, typename Parse>
void override_with(Value& value, const std::string& typed, Parse parse, std::optional<Error>& mistake) {
  if (typed.empty() || mistake) return;
  auto parsed = parse(typed);
  if (parsed)
    value = *std::move(parsed);
  else
    mistake = parsed.error();
}

std::optional<Error> override_words(const ConnectOptions& options, ConnectConfig& config) {
  std::optional<Error> mistake;
  if (!options.hosts.empty()) config.hosts.resize(options.hosts.size());
  for (std::size_t i = 0; i < options.hosts.size(); ++i) {
    override_with(
        config.hosts[i], options.hosts[i],
        [](std::string_view text) { return parse_host_address(text, gateway_port); }, mistake);
  }
  const auto listen_address = [](std::string_view text) { return parse_host_address(text, 0); };
  override_with(config.tcp, options.tcp, listen_address, mistake);
  override_with(config.rfc2217, options.rfc2217, listen_address, mistake);
  override_with(config.tty.mode, options.tty_mode, parse_mode, mistake);
  override_with(config.tty.reach, options.tty_reach, parse_tty_reach, mistake);
  override_with(config.framing, options.framing, parse_framing, mistake);
  override_with(config.on_outage, options.on_outage, parse_on_outage, mistake);
  return mistake;
}

void override_texts(const ConnectOptions& options, ConnectConfig& config) {
  const auto take = [](std::string& value, const std::string& typed) {
    if (!typed.empty()) value = typed;
  };
  take(config.tty.path, options.tty);
  take(config.tty.owner, options.tty_owner);
  take(config.tty.group, options.tty_group);
  take(config.server_certificate, options.server_certificate);
  take(config.client_pem, options.client_pem);
  take(config.bundle, options.bundle);
  take(config.client, options.client);
  take(config.metrics_file, options.metrics_file);
  if (options.baud) config.baud = *options.baud;
  if (options.hangup_after) config.hangup_after = std::chrono::seconds(*options.hangup_after);
}

}  // namespace

std::expected<ConnectOptions, int> parse_connect_options(int argc, char** argv) {
  ConnectOptions options;
  CLI::App app("pizwg-connect keeps a serial port alive whose gateway is on a host elsewhere.",
               "pizwg-connect");
  app.add_option("HOST", options.hosts, "host or VIP, or HOST:PORT; several: tried in turn")->type_name("");
  add_file_options(app, options);
  add_port_options(app, options);
  app.set_version_flag("--version", "pizwg-connect " PIZWG_VERSION);
  CLI::App* status = app.add_subcommand("status", "say how a running pizwg-connect is");
  status->add_option("NAME", options.instance, "of pizwg-connect@NAME; needed if there are several")
      ->type_name("");
  status->add_flag("--json", options.json, "for programs");
  status->add_flag("--alive", options.alive, "exit 0 when it answers, connected or not");
  status->add_option("--control", options.control, "its socket, when it was started by hand")
      ->type_name("PATH");
  app.allow_extras();  // so that unexpected_word() can say it better
  app.footer(
      "It logs to standard error. For example:\n"
      "pizwg-connect 192.168.1.254 --tty /dev/ttyUSB254 --bundle backup.tar");
  try {
    app.parse(argc, argv);
  } catch (const CLI::Success& asked) {  // --help, --version
    return std::unexpected(app.exit(asked));
  } catch (const CLI::ParseError& mistake) {
    if (const auto extra = app.remaining(); !extra.empty()) {
      return std::unexpected(report(unexpected_word(app, extra.front())));
    }
    return std::unexpected(report({mistake.what(), std::string(help_hint)}));
  }
  // An option that it does not know may be taken for a host.
  if (const auto extra = app.remaining(true); !extra.empty()) {
    return std::unexpected(report(unexpected_word(app, extra.front())));
  }
  if (status->parsed()) options.task = ConnectOptions::Task::status;
  return options;
}

Result<ConnectConfig> connect_config(const ConnectOptions& options) {
  ConnectConfig config;
  if (auto done = read_file_of(options, config); !done) return std::unexpected(done.error());
  override_texts(options, config);
  if (const auto mistake = override_words(options, config)) return std::unexpected(*mistake);
  if (auto whole = check(config); !whole) return std::unexpected(whole.error());
  return config;
}

}  // namespace pizwg
