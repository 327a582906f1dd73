#include "sim/command.h"

#include <gtest/gtest.h>

namespace pizwg::sim {
namespace {

Error error_of(std::string_view line) {
  const auto command = parse_command(line);
  return command ? Error{"no error", ""} : command.error();
}

TEST(ParseCommand, UnderstandsEveryCommand) {
  EXPECT_EQ(parse_command("unplug"), (Command{.verb = Verb::unplug}));
  EXPECT_EQ(parse_command(" plug\r"), (Command{.verb = Verb::plug}));
  EXPECT_EQ(parse_command("silence on"), (Command{.verb = Verb::silence, .on = true}));
  EXPECT_EQ(parse_command("stall off"), (Command{.verb = Verb::stall, .on = false}));
  EXPECT_EQ(parse_command("garbage 4096"), (Command{.verb = Verb::garbage, .number = 4096}));
  EXPECT_EQ(parse_command("slow 250"), (Command{.verb = Verb::slow, .number = 250}));
  EXPECT_EQ(parse_command("radio 80"), (Command{.verb = Verb::radio, .number = 80}));
  EXPECT_EQ(parse_command("pace  115200"), (Command{.verb = Verb::pace, .number = 115200}));
  EXPECT_EQ(parse_command("pace 0"), (Command{.verb = Verb::pace, .number = 0}));
  EXPECT_EQ(parse_command("report 2 on"), (Command{.verb = Verb::report, .node = 2, .on = true}));
  EXPECT_EQ(parse_command("help"), (Command{.verb = Verb::help}));
  EXPECT_EQ(parse_command("quit"), (Command{.verb = Verb::quit}));
}

TEST(ParseCommand, SaysWhatWasMeant) {
  EXPECT_EQ(error_of("unplgu"), (Error{"unknown command \"unplgu\"", "did you mean unplug"}));
  EXPECT_EQ(error_of("frobnicate"), (Error{"unknown command \"frobnicate\"", "type help for the list"}));
  EXPECT_EQ(error_of("\x1b[2J"), (Error{"unknown command \"\\x1b[2J\"", "type help for the list"}));
}

TEST(ParseCommand, SaysHowACommandIsTyped) {
  EXPECT_EQ(error_of("report 2"),
            (Error{"wrong number of words in \"report 2\"", "type report NODE on|off"}));
  EXPECT_EQ(error_of("plug in"), (Error{"wrong number of words in \"plug in\"", "type plug"}));
  EXPECT_EQ(error_of("stall maybe"), (Error{"bad value \"maybe\"", "say on or off"}));
}

TEST(ParseCommand, SaysTheLimitsOfANumber) {
  EXPECT_EQ(error_of("garbage 0"),
            (Error{"bad value \"0\" for a number of bytes", "give a whole number from 1 to 4096"}));
  EXPECT_EQ(error_of("slow 60001"),
            (Error{"bad value \"60001\" for a delay", "give a whole number from 0 to 60000"}));
  EXPECT_EQ(error_of("pace 299"), (Error{"bad value \"299\" for a pace",
                                         "give a whole number from 300 to 4000000, or 0 for no limit"}));
  EXPECT_EQ(error_of("report 1 on"),
            (Error{"bad value \"1\" for a node", "give a whole number from 2 to 232"}));
  for (const char* line : {"garbage -1", "garbage 1x", "garbage 99999999999999999999", "report 2.0 on"}) {
    EXPECT_TRUE(error_of(line).what.starts_with("bad value")) << line;
  }
}

TEST(CommandHelp, NamesEveryCommandWithin80Columns) {
  const std::string help = command_help();
  for (const char* name :
       {"unplug", "plug", "silence", "stall", "garbage", "slow", "radio", "pace", "report", "help", "quit"}) {
    EXPECT_NE(help.find(name), std::string::npos) << name;
  }
  for (std::size_t begin = 0; begin < help.size();) {
    const std::size_t end = help.find('\n', begin);
    EXPECT_LE(end - begin, 80U) << help.substr(begin, end - begin);
    begin = end + 1;
  }
}

}  // namespace
}  // namespace pizwg::sim
