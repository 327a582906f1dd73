#pragma once
// What the hosts of a cluster tell each other about themselves: one line a change, both ways, over TLS.
//   pizwg 1 pi-2 standby fit

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace pizwg {

struct HostSummary {
  std::string name;   // the machine's; 1 to 64 letters, digits, dots, hyphens and underscores
  std::string state;  // word_for(State)
  bool fit = false;   // could take over, or has

  bool operator==(const HostSummary&) const = default;
};

inline constexpr std::size_t longest_peer_message = 128;

// With the newline.
std::string format_peer_message(const HostSummary& host);

// Without it. Empty for what is none, or is of a later version that has nothing in common with ours. Further
// words at the end are a later version's, too, and left alone.
std::optional<HostSummary> parse_peer_message(std::string_view line);

// A host's name as it goes into a message: what may not be in one becomes a hyphen.
std::string host_name_for(std::string_view name);

}  // namespace pizwg
