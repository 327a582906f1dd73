#pragma once
// The command line of `pizwg-sim gateway`: words to options. Not a file's; the simulator has none.

#include <span>
#include <string>
#include <variant>

#include "base/error.h"
#include "sim/gateway.h"

namespace pizwg::sim {

// What was asked for: a gateway, or a text to print (--help).
using GatewayRequest = std::variant<GatewayOptions, std::string>;

// `arguments`: the words after "pizwg-sim gateway". An error is the user's: exit status 2.
Result<GatewayRequest> parse_gateway(std::span<const std::string> arguments);

}  // namespace pizwg::sim
