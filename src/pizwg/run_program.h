#pragma once
// Another program, run to its end while nothing else goes on: for commands that have one made for them
// already (mtools).

#include <chrono>
#include <string>
#include <vector>

#include "base/error.h"

namespace pizwg {

// What it printed. Errors: as in adapters/child_process.h, and an exit status other than 0, told with what it
// printed.
Result<std::string> run_program(const std::vector<std::string>& command, std::chrono::seconds limit);

}  // namespace pizwg
