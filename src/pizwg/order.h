#pragma once
// An order to the daemon on this host, and what it says came of it.

#include <chrono>
#include <filesystem>
#include <string_view>

#include "base/error.h"
#include "pizwg/command.h"

namespace pizwg {

// Says what was done, or fails as the daemon did. `line` is as pizwgd/operator_orders.h takes it.
Outcome order_daemon(std::string_view line);

// The daemon's answer to a question that changes nothing, without its verdict. `root`: below it is its
// socket.
Result<std::string> question_daemon(std::string_view line, const std::filesystem::path& root);

}  // namespace pizwg
