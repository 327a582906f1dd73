#include "samples.h"

#include <gtest/gtest.h>

namespace pizwg::bench {
namespace {

TEST(Samples, PercentilesAreNearestRank) {
  Samples samples;
  for (int i = 100; i >= 1; --i) samples.add(i * millisecond);
  EXPECT_DOUBLE_EQ(samples.percentile_ms(50), 50);
  EXPECT_DOUBLE_EQ(samples.percentile_ms(99), 99);
  EXPECT_DOUBLE_EQ(samples.percentile_ms(100), 100);
  EXPECT_DOUBLE_EQ(samples.percentile_ms(0), 1);
}

TEST(Samples, OneSampleIsEveryPercentile) {
  Samples samples;
  samples.add(7 * millisecond);
  EXPECT_EQ(samples.json(),
            R"({"count": 1, "p50_ms": 7.0000, "p90_ms": 7.0000, "p99_ms": 7.0000, "max_ms": 7.0000})");
}

TEST(Samples, NoSamplesAreZeroAndSaySo) {
  EXPECT_EQ(Samples{}.json(),
            R"({"count": 0, "p50_ms": 0.0000, "p90_ms": 0.0000, "p99_ms": 0.0000, "max_ms": 0.0000})");
}

}  // namespace
}  // namespace pizwg::bench
