#include "pizwgd/options.h"

#include <fmt/format.h>
#include <iostream>
#include <string>
#include <string_view>
#include <vector>

#include <CLI/CLI.hpp>

#include "base/error.h"
#include "base/text.h"

namespace pizwg {
namespace {

constexpr std::string_view help_hint = "pizwgd --help lists the options";

int report(const Error& error) {
  std::cerr << describe("pizwgd", error);
  return 2;
}

Error unexpected_word(const CLI::App& app, const std::string& word) {
  std::vector<std::string> names;
  for (const CLI::Option* option : app.get_options()) names.push_back("--" + option->get_lnames().front());
  const std::vector<std::string_view> views(names.begin(), names.end());
  const auto meant = did_you_mean(word, views);
  return {
      .what = fmt::format("unknown {} {}", word.starts_with('-') ? "option" : "argument", in_quotes(word)),
      .hint = meant ? fmt::format("did you mean {}?", *meant) : std::string(help_hint)};
}

}  // namespace

std::expected<Options, int> parse_options(int argc, char** argv) {
  Options options;
  CLI::App app("pizwgd serves a gateway (a Z-Wave, Zigbee or Thread stick) over mutual TLS.", "pizwgd");
  app.add_option("--config", options.config_file, "configuration file")
      ->type_name("FILE")
      ->capture_default_str();
  app.add_option("--root", options.root, "folder under which the identity lies")->type_name("DIR");
  app.add_flag("--standalone", options.standalone, "role = \"standalone\", whatever the file says");
  bool check = false;
  bool power_off = false;
  app.add_flag("--check", check, "check configuration, identity and gateway");
  // The two that systemd's units use.
  app.add_flag("--power-off", power_off, "turn the hub off, set the veto, and end");
  app.add_option("--render-keepalived", options.render_to, "write keepalived's configuration, and end")
      ->type_name("FILE");
  app.set_version_flag("--version", "pizwgd " PIZWG_VERSION);
  app.allow_extras();  // so that unexpected_word() can say it better
  app.footer("It logs to standard error. See also: pizwg setup, README.md.");
  try {
    app.parse(argc, argv);
  } catch (const CLI::Success& asked) {  // --help, --version
    return std::unexpected(app.exit(asked));
  } catch (const CLI::ParseError& mistake) {
    // A mistyped option may have taken another one's value with it: it is the likelier cause.
    if (const auto extra = app.remaining(); !extra.empty()) {
      return std::unexpected(report(unexpected_word(app, extra.front())));
    }
    return std::unexpected(report({mistake.what(), std::string(help_hint)}));
  }
  if (const auto extra = app.remaining(); !extra.empty()) {
    return std::unexpected(report(unexpected_word(app, extra.front())));
  }
  if (check + power_off + !options.render_to.empty() > 1) {
    return std::unexpected(report({"one thing at a time: --check, --power-off or --render-keepalived", {}}));
  }
  if (check) options.task = Options::Task::check;
  if (power_off) options.task = Options::Task::power_off;
  if (!options.render_to.empty()) options.task = Options::Task::render_keepalived;
  return options;
}

}  // namespace pizwg
