#pragma once
// uhubctl's command line (2.5), as far as it is simulated: words to options, with its own messages and exit
// status for a wrong one.

#include <chrono>
#include <cstdint>
#include <string>
#include <variant>
#include <vector>

namespace pizwg::sim {

struct UhubctlOptions {
  enum class Action { none, off, on, cycle, toggle };

  Action action = Action::none;
  std::string location;          // empty: any
  std::string vendor;            // the beginning of one; empty: any
  std::uint32_t ports = 0x3fff;  // bit 0: port 1
  std::chrono::milliseconds cycle_delay{2000};
  bool descriptions = true;
};

// It ends here, with so much said.
struct UhubctlEnd {
  int status = 1;
  std::string output{};
  std::string errors{};
};

// `words`: with the program's name.
std::variant<UhubctlOptions, UhubctlEnd> parse_uhubctl(std::vector<std::string> words);

}  // namespace pizwg::sim
