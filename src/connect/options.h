#pragma once
// pizwg-connect's command line, and the configuration that is in force: the file's, with what the command
// line overrides.

#include <expected>
#include <optional>
#include <string>
#include <vector>

#include "base/error.h"
#include "core/connect_config.h"

namespace pizwg {

// Where systemd's unit has the folder of each instance (RuntimeDirectory=).
inline constexpr const char* instances_folder = "/run/pizwg-connect";

struct ConnectOptions {
  enum class Task { serve, status } task = Task::serve;
  std::string config_file;
  std::string control;  // the socket for `status`; empty: by $RUNTIME_DIRECTORY or by the name, or none
  // serve: as they were typed; they win over the file's.
  std::vector<std::string> hosts;
  std::string tty, tty_owner, tty_group, tty_mode, tty_reach;
  std::string tcp, rfc2217;
  std::string server_certificate, client_pem, bundle, client;
  std::string framing, on_outage, metrics_file;
  std::optional<unsigned> hangup_after;
  std::optional<unsigned> baud;
  // status:
  std::string instance;
  bool json = false;
  bool alive = false;
};

// Otherwise the exit status: what there is to say (help, version, a mistake) has been printed.
std::expected<ConnectOptions, int> parse_connect_options(int argc, char** argv);

Result<ConnectConfig> connect_config(const ConnectOptions& options);

}  // namespace pizwg
