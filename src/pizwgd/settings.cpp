#include "pizwgd/settings.h"

#include <filesystem>

#include "base/file.h"

namespace pizwg {
namespace {

// A configuration has about ten lines.
constexpr std::size_t largest_config = 64 * 1024;

Result<Config> read_config(const Options& options) {
  std::error_code ignored;
  const bool optional = options.config_file == default_config_file && options.standalone;
  if (optional && !std::filesystem::exists(options.config_file, ignored)) return Config{};
  const auto text = read_file(options.config_file, largest_config);
  if (!text) {
    return fail(text.error().what,
                text.error().hint.empty()
                    ? "write it (one line is enough: role = \"standalone\" or \"cluster\"), or name "
                      "another one with --config"
                    : text.error().hint);
  }
  return parse_config(*text, options.config_file);
}

}  // namespace

Result<Config> read_settings(const Options& options) {
  auto config = read_config(options);
  if (!config) return config;
  if (options.standalone) config->role = Role::standalone;
  if (config->role == Role::unset) {
    return fail(options.config_file + ": no role",
                "add the line: role = \"standalone\", or role = \"cluster\" for one of several hosts");
  }
  return config;
}

}  // namespace pizwg
