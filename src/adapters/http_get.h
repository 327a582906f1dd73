#pragma once
// One page of a plain HTTP server, for programs that wait for it: a node exporter's. No TLS, no redirects.

#include <chrono>
#include <string>

#include "base/error.h"

namespace pizwg {

// `host`: a name or an address, perhaps with ":port". Errors: unknown, unreachable, silent for longer than
// `limit` altogether, not HTTP, or a status other than 200.
Result<std::string> http_get(const std::string& host, unsigned port, const std::string& path,
                             std::chrono::milliseconds limit);

}  // namespace pizwg
