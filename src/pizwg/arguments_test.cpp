#include "pizwg/arguments.h"

#include <algorithm>
#include <gtest/gtest.h>

#include "pizwg/help.h"

namespace pizwg {
namespace {

using Words = std::vector<std::string>;

// What was understood: "setup --key=rsa4096 root=/x", or the error and its hint.
std::string understood(const std::string& program, const Words& words) {
  const auto wanted = parse_command_line(program, words);
  if (!wanted) {
    EXPECT_EQ(wanted.error().status, ExitStatus::usage);
    return wanted.error().error.what + " / " + wanted.error().error.hint;
  }
  if (const auto* help = std::get_if<HelpWanted>(&*wanted)) {
    return help->command ? "help of " + std::string(help->command->name) : "help";
  }
  if (std::holds_alternative<VersionWanted>(*wanted)) return "version";
  const auto& [command, arguments] = std::get<CommandWanted>(*wanted);
  std::string text(command->name);
  for (const auto& [name, value] : arguments.options) text += " " + name + "=" + value;
  for (const std::string& operand : arguments.operands) text += " " + operand;
  return text + " root=" + arguments.root.native();
}

TEST(CommandLine, TakesTheRootBeforeOrAfterTheCommand) {
  EXPECT_EQ(understood("pizwg", {"setup"}), "setup root=/");
  EXPECT_EQ(understood("pizwg", {"--root", "/x", "setup"}), "setup root=/x");
  EXPECT_EQ(understood("pizwg", {"--root=/x", "client", "add", "ha"}), "client add ha root=/x");
  EXPECT_EQ(understood("pizwg", {"client", "add", "ha", "--root", "/x"}), "client add ha root=/x");
}

TEST(CommandLine, TheNamesOfTheFirstPizwgAreCommands) {
  EXPECT_EQ(understood("/usr/bin/pizwg-setup", {}), "setup root=/");
  EXPECT_EQ(understood("pizwg-backup", {"--root", "/x", "--encrypt"}), "backup --encrypt= root=/x");
  EXPECT_EQ(understood("./pizwg-restore", {"f.tar", "--force"}), "restore --force= f.tar root=/");
  EXPECT_EQ(understood("pizwg-setup", {"--help"}), "help of setup");
}

TEST(CommandLine, OptionsHaveValuesInBothForms) {
  EXPECT_EQ(understood("pizwg", {"setup", "--key", "rsa4096"}), "setup --key=rsa4096 root=/");
  EXPECT_EQ(understood("pizwg", {"setup", "--key=rsa4096"}), "setup --key=rsa4096 root=/");
  EXPECT_EQ(understood("pizwg", {"setup", "--key"}), "option \"--key\" needs a value / pizwg help setup");
  EXPECT_EQ(understood("pizwg", {"--root", "/x", "restore", "--", "-f.tar"}), "restore -f.tar root=/x");
  EXPECT_EQ(understood("pizwg", {"backup", "--encrypt=no"}),
            "option \"--encrypt\" takes no value / pizwg help backup");
}

TEST(CommandLine, SaysWhatWasProbablyMeant) {
  EXPECT_EQ(understood("pizwg", {"setpu"}), "unknown command \"setpu\" / did you mean setup?");
  EXPECT_EQ(understood("pizwg", {"client", "lst"}),
            "unknown command \"client lst\" / did you mean client list?");
  EXPECT_EQ(understood("pizwg", {"setup", "--kye", "p256"}),
            "unknown option \"--kye\" / did you mean --key?");
  EXPECT_EQ(understood("pizwg", {"--rot=/x", "setup"}), "unknown option \"--rot\" / did you mean --root?");
  EXPECT_EQ(understood("pizwg", {"frobnicate"}),
            "unknown command \"frobnicate\" / pizwg --help lists the commands");
}

TEST(CommandLine, RefusesTooMuchAndTooLittle) {
  EXPECT_EQ(understood("pizwg", {}), "no command / pizwg --help lists the commands");
  EXPECT_EQ(understood("pizwg", {"--root"}), "no command / pizwg --help lists the commands");
  EXPECT_EQ(understood("pizwg", {"client"}),
            "\"client\" is only half of a command / pizwg client followed by one of: add, list, revoke");
  EXPECT_EQ(understood("pizwg", {"client", "add"}), "NAME is missing / pizwg help client add");
  EXPECT_EQ(understood("pizwg", {"setup", "now"}), "unexpected \"now\" / pizwg help setup");
  EXPECT_EQ(understood("pizwg", {"restore", "a", "b"}), "unexpected \"b\" / pizwg help restore");
}

TEST(CommandLine, HelpAndVersion) {
  EXPECT_EQ(understood("pizwg", {"--help"}), "help");
  EXPECT_EQ(understood("pizwg", {"help"}), "help");
  EXPECT_EQ(understood("pizwg", {"help", "client", "add"}), "help of client add");
  EXPECT_EQ(understood("pizwg", {"client", "revoke", "--help"}), "help of client revoke");
  EXPECT_EQ(understood("pizwg", {"--version"}), "version");
  EXPECT_EQ(understood("pizwg", {"help", "setpu"}), "unknown command \"setpu\" / did you mean setup?");
}

// As a terminal counts: bytes that continue a UTF-8 character have no width.
std::size_t widest_line(const std::string& text) {
  std::size_t widest = 0, width = 0;
  for (const char c : text) {
    if (c == '\n') width = 0;
    if (c != '\n' && (static_cast<unsigned char>(c) & 0xC0) != 0x80) widest = std::max(widest, ++width);
  }
  return widest;
}

TEST(Help, FitsAScreen) {
  EXPECT_LE(widest_line(help_of_program()), 80u);
  EXPECT_LE(std::ranges::count(help_of_program(), '\n'), 24);
  for (const Command& command : commands()) {
    EXPECT_LE(widest_line(help_of(command)), 80u) << command.name;
    EXPECT_LE(std::ranges::count(help_of(command), '\n'), 24) << command.name;
  }
}

TEST(Help, HasEveryCommandAndEveryOption) {
  for (const Command& command : commands()) {
    EXPECT_NE(help_of_program().find("  " + std::string(command.name)), std::string::npos);
    for (const Option& option : command.options) {
      EXPECT_NE(help_of(command).find("  " + std::string(option.name)), std::string::npos);
    }
  }
}

}  // namespace
}  // namespace pizwg
