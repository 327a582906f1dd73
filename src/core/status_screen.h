#pragma once
// A host's status for a person: one screen of at most 80 columns, and several hosts as a table.

#include <string>
#include <string_view>
#include <vector>

#include "core/host_status.h"
#include "core/status_json.h"

namespace pizwg {

enum class Colour { no, yes };

// With the newline at its end.
std::string status_screen(const HostStatus& status, Colour colour);
std::string cluster_table(const std::vector<HostAnswer>& answers, Colour colour);

// What another machine says of itself, on a terminal: nothing of it may move the cursor.
std::string plain(std::string_view text);

// "3 d 4 h", "2 h 3 min", "12 s".
std::string for_people(std::chrono::milliseconds time);

}  // namespace pizwg
