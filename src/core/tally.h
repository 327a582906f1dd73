#pragma once
// Numbers by word: one for each value of an enum whose values run from 0 to `last`, and the way from a word
// back to its value.

#include <array>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <optional>
#include <string_view>

#include "core/lifecycle.h"
#include "core/line_error.h"
#include "core/refusal.h"
#include "core/session_end.h"

namespace pizwg {

template <typename Word, Word last>
class Tally {
 public:
  static constexpr std::size_t size = static_cast<std::size_t>(last) + 1;

  static Word word(std::size_t index) { return static_cast<Word>(index); }
  std::uint64_t& operator[](Word word) { return numbers_[static_cast<std::size_t>(word)]; }
  std::uint64_t operator[](Word word) const { return numbers_[static_cast<std::size_t>(word)]; }
  Tally& operator+=(const Tally& other) {
    for (std::size_t i = 0; i < size; ++i) numbers_[i] += other.numbers_[i];
    return *this;
  }
  std::uint64_t total() const { return std::accumulate(numbers_.begin(), numbers_.end(), std::uint64_t{0}); }

  bool operator==(const Tally&) const = default;

 private:
  std::array<std::uint64_t, size> numbers_{};
};

using StateTally = Tally<State, State::stopped>;
using EventTally = Tally<Event, Event::deadline_passed>;
using FaultTally = Tally<Fault, Fault::hub_stuck>;
using SessionEndTally = Tally<SessionEnd, SessionEnd::shutdown>;
using RefusalTally = Tally<Refusal, Refusal::session_busy>;
using LineErrorTally = Tally<LineError, LineError::buffer_overrun>;

// What was counted since `before`. Whoever counts may have begun anew meanwhile: then all of it.
template <typename SomeTally>
SomeTally since(const SomeTally& before, const SomeTally& now) {
  SomeTally counted;
  for (std::size_t i = 0; i < SomeTally::size; ++i) {
    const auto word = SomeTally::word(i);
    counted[word] = now[word] < before[word] ? now[word] : now[word] - before[word];
  }
  return counted;
}

// The value that is called so: value_of<StateTally>("standby").
template <typename SomeTally>
auto value_of(std::string_view text) -> std::optional<decltype(SomeTally::word(0))> {
  for (std::size_t index = 0; index < SomeTally::size; ++index) {
    if (word_for(SomeTally::word(index)) == text) return SomeTally::word(index);
  }
  return std::nullopt;
}

}  // namespace pizwg
