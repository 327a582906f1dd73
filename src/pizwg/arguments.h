#pragma once
// From the words of the command line to a command and its arguments. CLI11 splits the words; what it would
// say about wrong ones is said in our own terms, with the word that was probably meant.

#include <span>
#include <string>
#include <variant>

#include "pizwg/command.h"

namespace pizwg {

struct HelpWanted {
  const Command* command = nullptr;  // null: of the whole program
};
struct VersionWanted {};
struct CommandWanted {
  const Command* command = nullptr;
  Arguments arguments;
};
using Wanted = std::variant<HelpWanted, VersionWanted, CommandWanted>;

// `program` is argv[0]: "pizwg-setup" means "pizwg setup".
std::expected<Wanted, Failure> parse_command_line(std::string_view program,
                                                  std::span<const std::string> words);

}  // namespace pizwg
