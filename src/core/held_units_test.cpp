#include "core/held_units.h"

#include <gtest/gtest.h>

namespace pizwg {
namespace {

using namespace std::chrono_literals;
using Data = std::vector<std::uint8_t>;

UnitBuffer units(const Data& bytes) {
  UnitBuffer buffer;
  buffer.add_frame(bytes);
  return buffer;
}

Data taken(HeldUnits& held, HeldUnits::Time now) {
  UnitBuffer out;
  held.take(now, out);
  return {out.bytes().begin(), out.bytes().end()};
}

TEST(HeldUnits, GivesBackWhatIsFresh) {
  HeldUnits held;
  const HeldUnits::Time start{};
  held.add(units({1, 2}), start);
  held.add(units({3}), start + 1s);
  EXPECT_EQ(taken(held, start + 1s), (Data{1, 2, 3}));
  EXPECT_EQ(taken(held, start + 1s), Data{});
}

TEST(HeldUnits, DropsWhatItsSenderHasGivenUp) {
  HeldUnits held;
  const HeldUnits::Time start{};
  held.add(units({1, 2}), start);
  held.add(units({3}), start + 1s);
  EXPECT_EQ(taken(held, start + HeldUnits::limit), Data{3});
}

TEST(HeldUnits, IsBounded) {
  HeldUnits held;
  std::size_t dropped = 0;
  for (int i = 0; i < 100; ++i) dropped += held.add(units(Data(100, static_cast<std::uint8_t>(i))), {});
  const auto left = taken(held, {});
  EXPECT_LE(left.size(), HeldUnits::most_bytes);
  EXPECT_EQ(left.size() + dropped, 10'000U);
  EXPECT_EQ(left.back(), 99);
  EXPECT_GT(held.add(units(Data(5000, 1)), {}), 0U);
  EXPECT_EQ(taken(held, {}), Data{});
}

}  // namespace
}  // namespace pizwg
