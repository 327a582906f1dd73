#pragma once
// A question to the daemon on this machine, for programs that wait for the answer.

#include <chrono>
#include <filesystem>
#include <string>
#include <string_view>

#include "base/error.h"

namespace pizwg {

struct AskedDaemon {
  std::string_view name = "pizwgd";
  std::string_view not_running = "pizwgd is not running on this host";
};

// Errors: the daemon is not running, or does not answer within `limit`.
Result<std::string> ask_daemon(const std::filesystem::path& socket, std::string_view line,
                               std::chrono::milliseconds limit, const AskedDaemon& daemon = {});

}  // namespace pizwg
