#include "core/unit_buffer.h"

#include <gtest/gtest.h>

namespace pizwg {
namespace {

using Data = std::vector<std::uint8_t>;

Data left_in(const UnitBuffer& buffer) {
  return {buffer.bytes().begin(), buffer.bytes().end()};
}

TEST(UnitBuffer, GivesBackWhatWasPutIn) {
  UnitBuffer buffer;
  EXPECT_TRUE(buffer.empty());
  buffer.add_frame(Data{1, 2, 3});
  buffer.add_raw(Data{4});
  EXPECT_EQ(left_in(buffer), (Data{1, 2, 3, 4}));
  buffer.took(4);
  EXPECT_TRUE(buffer.empty());
}

TEST(UnitBuffer, KeepsAtAGapOnlyTheRestOfAFrameThatIsHalfOut) {
  // Two frames of three bytes, then raw ones: what is left after the gap, by how much was out.
  const std::vector<Data> left{{}, {2, 3}, {3}, {}, {5, 6}, {6}, {}, {}, {}};
  for (std::size_t out = 0; out < left.size(); ++out) {
    UnitBuffer buffer;
    buffer.add_frame(Data{1, 2, 3});
    buffer.add_frame(Data{4, 5, 6});
    buffer.add_raw(Data{7, 8});
    buffer.took(out);
    EXPECT_EQ(buffer.drop_not_begun(), 8 - out - left[out].size());
    EXPECT_EQ(left_in(buffer), left[out]) << out;
  }
}

TEST(UnitBuffer, CanBeReducedToItsFramesAndAdded) {
  UnitBuffer some;
  some.add_raw(Data{9});
  some.add_frame(Data{1, 2, 3});
  some.add_raw(Data{9});
  some.add_frame(Data{4, 5});
  some.keep_frames_only();
  UnitBuffer buffer;
  buffer.add_raw(Data{8});
  buffer.add(some);
  EXPECT_EQ(left_in(buffer), (Data{8, 1, 2, 3, 4, 5}));
  buffer.took(5);
  buffer.drop_not_begun();
  EXPECT_EQ(left_in(buffer), (Data{5}));
}

TEST(UnitBuffer, GoesOnAfterAGap) {
  UnitBuffer buffer;
  buffer.add_frame(Data{1, 2, 3});
  buffer.took(1);
  buffer.add_frame(Data{4, 5});
  buffer.drop_not_begun();
  buffer.add_frame(Data{6, 7});
  EXPECT_EQ(left_in(buffer), (Data{2, 3, 6, 7}));
  buffer.took(3);
  buffer.drop_not_begun();
  EXPECT_EQ(left_in(buffer), (Data{7}));
}

}  // namespace
}  // namespace pizwg
