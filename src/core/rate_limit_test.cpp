#include "core/rate_limit.h"

#include <gtest/gtest.h>

namespace pizwg {
namespace {

TEST(RateLimit, LetsSoManyThroughAndThenCountsWhatItLeavesOut) {
  RateLimit limit(2, std::chrono::seconds(10));
  const RateLimit::TimePoint start{std::chrono::seconds(100)};
  EXPECT_EQ(limit.admit(start), 0u);
  EXPECT_EQ(limit.admit(start), 0u);
  EXPECT_EQ(limit.admit(start + std::chrono::seconds(9)), std::nullopt);
  EXPECT_EQ(limit.admit(start + std::chrono::seconds(9)), std::nullopt);
  EXPECT_EQ(limit.admit(start + std::chrono::seconds(10)), 2u);
  EXPECT_EQ(limit.admit(start + std::chrono::seconds(11)), 0u);
}

}  // namespace
}  // namespace pizwg
