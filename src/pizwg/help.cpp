#include "pizwg/help.h"

#include <fmt/format.h>

namespace pizwg {
namespace {

constexpr Option root_option{"--root", "DIR", "put every path under DIR instead of /"};
constexpr Option help_option{"--help", "", "this text"};

std::string synopsis(const Command& command) {
  std::string text(command.name);
  switch (command.operand) {
    case Operand::none:
      break;
    case Operand::optional:
      text += fmt::format(" [{}]", command.operand_name);
      break;
    case Operand::required:
      text += fmt::format(" {}", command.operand_name);
      break;
  }
  return text;
}

std::string line_of(const Option& option) {
  const std::string left =
      option.value.empty() ? std::string(option.name) : fmt::format("{} {}", option.name, option.value);
  std::string text = fmt::format("  {:<24} ", left);
  for (const char c : option.help) {
    text += c;
    if (c == '\n') text += std::string(27, ' ');
  }
  return text + "\n";
}

}  // namespace

std::string help_of_program() {
  std::string text = "usage: pizwg [--root DIR] COMMAND\n\ncommands:\n";
  for (const Command& command : commands()) {
    text += fmt::format("  {:<24} {}\n", synopsis(command), command.summary);
  }
  text += "\noptions:\n" + line_of(root_option) + line_of({"--version", "", "the version of this program"});
  return text + "\npizwg help COMMAND explains one of them. Exit status: 0 done, 1 failed, 2 usage.\n";
}

std::string help_of(const Command& command) {
  std::string text = fmt::format("usage: pizwg [--root DIR] {}{}\n\n{}\noptions:\n", synopsis(command),
                                 command.options.empty() ? "" : " [OPTION…]", command.details);
  for (const Option& option : command.options) text += line_of(option);
  return text + line_of(root_option) + line_of(help_option);
}

}  // namespace pizwg
