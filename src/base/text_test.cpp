#include "base/text.h"

#include <array>
#include <gtest/gtest.h>

namespace pizwg {
namespace {

TEST(InQuotes, EscapesWhatCouldForgeALineOrATerminalCommand) {
  EXPECT_EQ(in_quotes("plain"), "\"plain\"");
  EXPECT_EQ(in_quotes("a\"b\\c"), "\"a\\\"b\\\\c\"");
  EXPECT_EQ(in_quotes("a\n\x1b[2J\xff"), "\"a\\x0a\\x1b[2J\\xff\"");
}

TEST(Hex, IsLowerCaseWithoutSeparators) {
  const std::array<std::uint8_t, 3> bytes{0x00, 0x0a, 0xff};
  EXPECT_EQ(hex(bytes), "000aff");
}

TEST(Trimmed, TakesWhiteSpaceFromBothEndsOnly) {
  EXPECT_EQ(trimmed(" \t a b \r\n"), "a b");
  EXPECT_EQ(trimmed(" \n"), "");
}

TEST(ListOf, ReadsLikeASentence) {
  const std::vector<std::string> words{"a", "b", "c"};
  EXPECT_EQ(list_of({}), "");
  EXPECT_EQ(list_of(std::span(words).first(1)), "a");
  EXPECT_EQ(list_of(std::span(words).first(2)), "a and b");
  EXPECT_EQ(list_of(words), "a, b and c");
}

TEST(Wrapped, BreaksBetweenWordsAndIndents) {
  EXPECT_EQ(wrapped("", 2, 10), "");
  EXPECT_EQ(wrapped("one two", 3, 10), "one two");
  EXPECT_EQ(wrapped("one two", 4, 10), "one\n    two");
  EXPECT_EQ(wrapped("a incomprehensible b", 2, 10), "a\n  incomprehensible\n  b");
}

TEST(DidYouMean, FindsASlipOfTheFingersAndNothingFarther) {
  const std::array<std::string_view, 3> keys{"device", "baud", "port"};
  EXPECT_EQ(did_you_mean("devcie", keys), "device");
  EXPECT_EQ(did_you_mean("bauds", keys), "baud");
  EXPECT_EQ(did_you_mean("prot", keys), "port");
  EXPECT_EQ(did_you_mean("colour", keys), std::nullopt);
  EXPECT_EQ(did_you_mean("x", {}), std::nullopt);
}

}  // namespace
}  // namespace pizwg
