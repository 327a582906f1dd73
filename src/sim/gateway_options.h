#pragma once
// The command lines of `pizwg-sim gateway` and `pizwg-sim hub`: words to options. Not a file's; the simulator
// has none.

#include <span>
#include <string>
#include <variant>

#include "base/error.h"
#include "sim/gateway.h"
#include "sim/hub.h"

namespace pizwg::sim {

// What was asked for: a gateway, or a text to print (--help).
using GatewayRequest = std::variant<GatewayOptions, std::string>;

struct HubRequestOptions {
  GatewayOptions gateway;
  HubOptions hub;
};
// The same of a hub with a gateway on it.
using HubRequest = std::variant<HubRequestOptions, std::string>;

// `arguments`: the words after "pizwg-sim gateway". An error is the user's: exit status 2.
Result<GatewayRequest> parse_gateway(std::span<const std::string> arguments);
Result<HubRequest> parse_hub(std::span<const std::string> arguments);

}  // namespace pizwg::sim
