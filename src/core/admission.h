#pragma once
// Whom to drop when too many connections wait for their authentication: the oldest of the busiest source, so
// that one source that opens thousands only ever pushes out its own.

#include <cstddef>
#include <span>
#include <string>

namespace pizwg {

// The most connections that may wait for their authentication at once (issue: "at most 64").
inline constexpr std::size_t most_unauthenticated = 64;

struct UnauthenticatedConnection {
  std::string source;  // whatever is to count as one source, e.g. an IPv4 address or an IPv6 /64
};

// The index of the one to drop. `waiting` is in order of arrival, oldest first, and not empty. Of several
// sources that are equally busy, the one that arrived first.
std::size_t choose_whom_to_drop(std::span<const UnauthenticatedConnection> waiting);

}  // namespace pizwg
