#pragma once
// uhubctl's stand-in: says what uhubctl 2.5 says, and asks the simulated hub instead of the USB. The faults
// of a call (hanging, slow, denied) are its own; those of the switch are the hub's.

#include <span>
#include <string>

namespace pizwg::sim {

// `name`: what it was started as. The exit status.
int uhubctl(const std::string& name, std::span<const std::string> arguments);

}  // namespace pizwg::sim
