#pragma once
// What this machine is called.

#include <string>

namespace pizwg {

// As it goes into messages and metrics. Read anew each time: DHCP may give another one.
std::string host_name();

}  // namespace pizwg
