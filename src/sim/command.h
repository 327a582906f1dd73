#pragma once
// The faults and other orders that a user gives on standard input, one a line: text to value. Not their
// effects.

#include <cstdint>
#include <string>
#include <string_view>

#include "base/error.h"

namespace pizwg::sim {

enum class Verb {
  unplug,
  plug,
  dead,
  silence,
  stall,
  garbage,
  slow,
  radio,
  pace,
  report,
  // Of a hub, if there is one.
  supply,
  stuck,
  lie,
  late,
  lag,
  hang,
  deny,
  help,
  quit,
};

struct Command {
  Verb verb = Verb::help;
  unsigned number = 0;    // garbage: bytes; slow, radio, late, lag: milliseconds; pace: bits a second
  std::uint8_t node = 0;  // report
  bool on = false;        // those that are on or off, and report

  bool operator==(const Command&) const = default;
};

inline constexpr unsigned largest_garbage = 4096;
inline constexpr unsigned largest_delay = 60'000;  // milliseconds
inline constexpr unsigned smallest_baud = 300;
inline constexpr unsigned largest_baud = 4'000'000;

Result<Command> parse_command(std::string_view line);

// A decimal number from `least` to `most`; `name` says in an error what it is.
Result<unsigned> parse_number(std::string_view name, std::string_view text, unsigned least, unsigned most);

// 0, which is unlimited, or smallest_baud to largest_baud.
Result<unsigned> parse_baud(std::string_view name, std::string_view text);

// What `help` prints: a line for each command.
std::string command_help();

}  // namespace pizwg::sim
