#include <cstdio>
#include <fmt/format.h>

#include "pizwg/arguments.h"
#include "pizwg/help.h"
#include "pizwg/output.h"

namespace {

using namespace pizwg;

struct Perform {
  Outcome operator()(const HelpWanted& wanted) const {
    fmt::print("{}", wanted.command ? help_of(*wanted.command) : help_of_program());
    return {};
  }
  Outcome operator()(const VersionWanted&) const {
    say("pizwg " PIZWG_VERSION);
    return {};
  }
  Outcome operator()(const CommandWanted& wanted) const { return wanted.command->run(wanted.arguments); }
};

Outcome run(std::string_view program, std::span<const std::string> words) {
  const auto wanted = parse_command_line(program, words);
  if (!wanted) return std::unexpected(wanted.error());
  if (auto outcome = std::visit(Perform{}, *wanted); !outcome) return outcome;
  if (!all_was_said()) return std::unexpected(Error{"cannot write to standard output", {}});
  return {};
}

}  // namespace

int main(int argc, char** argv) {
  const std::vector<std::string> words(argv + 1, argv + argc);
  const Outcome outcome = run(argv[0], words);
  if (outcome) return 0;
  std::fflush(stdout);
  fmt::print(stderr, "{}", describe("pizwg", outcome.error().error));
  return static_cast<int>(outcome.error().status);
}
