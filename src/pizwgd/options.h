#pragma once
// pizwgd's command line.

#include <expected>
#include <string>

namespace pizwg {

inline constexpr const char* default_config_file = "/etc/pizwg/pizwg.toml";

struct Options {
  std::string config_file = default_config_file;
  std::string root = "/";
  bool standalone = false;
  enum class Task { serve, check, power_off, render_keepalived } task = Task::serve;
  std::string render_to;  // render_keepalived: the file
};

// Otherwise the exit status: what there is to say (help, version, a mistake) has been printed.
std::expected<Options, int> parse_options(int argc, char** argv);

}  // namespace pizwg
