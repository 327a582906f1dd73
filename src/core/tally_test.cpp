#include "core/tally.h"

#include <gtest/gtest.h>

namespace pizwg {
namespace {

template <typename SomeTally>
class TallyOf : public testing::Test {};
using Tallies = testing::Types<StateTally, EventTally, FaultTally, SessionEndTally, RefusalTally>;
TYPED_TEST_SUITE(TallyOf, Tallies);

// A word that is added behind the last one must be counted, too.
TYPED_TEST(TallyOf, HasEveryWordAndNoMore) {
  for (std::size_t index = 0; index < TypeParam::size; ++index) {
    const auto value = TypeParam::word(index);
    EXPECT_FALSE(word_for(value).empty()) << index;
    EXPECT_EQ(value_of<TypeParam>(word_for(value)), value);
  }
  EXPECT_EQ(word_for(TypeParam::word(TypeParam::size)), "");
  EXPECT_FALSE(value_of<TypeParam>("no-such-word"));
}

TEST(Tally, Adds) {
  SessionEndTally ended;
  ++ended[SessionEnd::idle];
  ended[SessionEnd::shutdown] += 2;
  EXPECT_EQ(ended[SessionEnd::idle], 1U);
  EXPECT_EQ(ended.total(), 3U);
}

TEST(Tally, SinceWhenOthersCount) {
  LineErrorTally before;
  before[LineError::framing] = 3;
  before[LineError::overrun] = 9;
  LineErrorTally now = before;
  now[LineError::framing] = 5;
  now[LineError::overrun] = 1;  // plugged in anew
  const auto counted = since(before, now);
  EXPECT_EQ(counted[LineError::framing], 2U);
  EXPECT_EQ(counted[LineError::overrun], 1U);
  EXPECT_EQ(counted.total(), 3U);
}

}  // namespace
}  // namespace pizwg
