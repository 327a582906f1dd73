#include "core/admission.h"

#include <algorithm>
#include <cassert>
#include <map>
#include <string_view>

namespace pizwg {

std::size_t choose_whom_to_drop(std::span<const UnauthenticatedConnection> waiting) {
  assert(!waiting.empty());
  std::map<std::string_view, std::size_t> connections_of;
  for (const auto& connection : waiting) ++connections_of[connection.source];
  // max_element returns the first of equals, and the first of a source is its oldest.
  const auto busiest = std::ranges::max_element(
      waiting, {},
      [&](const UnauthenticatedConnection& connection) { return connections_of[connection.source]; });
  return static_cast<std::size_t>(busiest - waiting.begin());
}

}  // namespace pizwg
