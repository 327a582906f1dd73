#pragma once
// What /proc says of another process.

#include <cstdint>
#include <optional>

namespace pizwg {

struct ProcessState {
  char state = 'S';          // R running, S sleeping, T stopped, Z dead and not yet reaped, …
  std::uint64_t sleeps = 0;  // how often it went to sleep of its own accord: it moves when this does
};

// Empty when there is no such process.
std::optional<ProcessState> read_process_state(int pid);

}  // namespace pizwg
