#include "pizwgd/options.h"

#include <CLI/CLI.hpp>
#include <iostream>

#include "base/error.h"

namespace pizwg {

std::expected<Options, int> parse_options(int argc, char** argv) {
  Options options;
  CLI::App app("pizwgd serves a gateway (a Z-Wave, Zigbee or Thread stick) over mutual TLS.", "pizwgd");
  app.add_option("--config", options.config_file, "configuration file")->type_name("FILE")->capture_default_str();
  app.add_option("--root", options.root, "folder under which the identity lies")->type_name("DIR");
  app.add_flag("--standalone", options.standalone, "role = \"standalone\", whatever the file says");
  app.add_flag("--check", options.check, "check configuration, identity and gateway, and exit");
  app.set_version_flag("--version", "pizwgd " PIZWG_VERSION);
  app.footer("It logs to standard error. See also: pizwg setup, README.md.");
  try {
    app.parse(argc, argv);
  } catch (const CLI::Success& asked) {  // --help, --version
    return std::unexpected(app.exit(asked));
  } catch (const CLI::ParseError& mistake) {
    std::cerr << describe("pizwgd", Error{mistake.what(), "pizwgd --help lists the options"});
    return std::unexpected(2);
  }
  return options;
}

}  // namespace pizwg
