#pragma once
// What an application says while there is no session: kept for as long as it is of use, then dropped. A
// Z-Wave driver waits 1600 ms for an answer and then says it again (INS12350; zwave-js does so three times):
// a frame that is older must not be delivered beside its repetition. Bounded.

#include <chrono>
#include <deque>

#include "core/unit_buffer.h"

namespace pizwg {

class HeldUnits {
 public:
  using Time = std::chrono::steady_clock::time_point;
  static constexpr std::chrono::milliseconds limit{1500};
  static constexpr std::size_t most_bytes = 4096;

  // How many bytes had to be dropped for it.
  std::size_t add(UnitBuffer units, Time now);
  // How many bytes are too old by now.
  std::size_t drop_old(Time now);
  // Adds to `out` what is still of use; how many bytes are not. Nothing is held afterwards.
  std::size_t take(Time now, UnitBuffer& out);
  std::size_t clear();

 private:
  struct Held {
    Time since;
    UnitBuffer units;
  };
  std::size_t drop_first();

  std::deque<Held> held_;
  std::size_t bytes_ = 0;
};

}  // namespace pizwg
