#pragma once
// An order to the daemon on this host, and what it says came of it.

#include <chrono>
#include <string_view>

#include "base/error.h"
#include "pizwg/command.h"

namespace pizwg {

// Says what was done, or fails as the daemon did. `line` is as pizwgd/operator_orders.h takes it.
Outcome order_daemon(std::string_view line);

}  // namespace pizwg
