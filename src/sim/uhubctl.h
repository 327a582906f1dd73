#pragma once
// uhubctl's stand-in: its command line, its output and its exit status, with a simulated hub behind it. The
// hub's socket is in the environment: PIZWG_SIM_HUB. Like a program that waits for a kernel that hangs, it
// does not hear SIGTERM.

#include <span>
#include <string>

namespace pizwg::sim {

// `arguments`: the words after "uhubctl". The exit status.
int run_uhubctl(std::span<const std::string> arguments);

}  // namespace pizwg::sim
