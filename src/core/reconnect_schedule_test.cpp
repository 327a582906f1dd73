#include "core/reconnect_schedule.h"

#include <gtest/gtest.h>
#include <vector>

namespace pizwg {
namespace {

using namespace std::chrono_literals;
using Failure = ReconnectSchedule::Failure;

TEST(ReconnectSchedule, DoublesTheirPauseToTwoSeconds) {
  ReconnectSchedule schedule;
  std::vector<std::chrono::milliseconds> pauses;
  for (int i = 0; i < 7; ++i) pauses.push_back(schedule.after(Failure::other, {}, 0));
  EXPECT_EQ(pauses,
            (std::vector<std::chrono::milliseconds>{100ms, 200ms, 400ms, 800ms, 1600ms, 2000ms, 2000ms}));
  schedule.succeeded();
  EXPECT_EQ(schedule.after(Failure::other, {}, 0), 100ms);
}

TEST(ReconnectSchedule, SpreadsClients) {
  ReconnectSchedule one;
  ReconnectSchedule two;
  EXPECT_EQ(one.after(Failure::other, {}, 1), 80ms);
  EXPECT_EQ(two.after(Failure::other, {}, 0.5), 90ms);
}

TEST(ReconnectSchedule, IsQuickWhileAHostRefusesAndThenPatient) {
  ReconnectSchedule schedule;
  ReconnectSchedule::Time now{};
  for (; now < ReconnectSchedule::Time{} + 15s; now += 100ms) {
    EXPECT_EQ(schedule.after(Failure::refused, now, 0), 100ms);
  }
  EXPECT_EQ(schedule.after(Failure::refused, now, 0), 100ms);
  EXPECT_EQ(schedule.after(Failure::refused, now, 0), 200ms);
}

TEST(ReconnectSchedule, IsQuickAgainWhenAHostComesToLife) {
  ReconnectSchedule schedule;
  for (int i = 0; i < 10; ++i) schedule.after(Failure::other, {}, 0);
  EXPECT_EQ(schedule.after(Failure::refused, {}, 0), 100ms);
  EXPECT_EQ(schedule.after(Failure::other, {}, 0), 100ms);
}

TEST(ReconnectSchedule, GivesFarHostsMoreTime) {
  ReconnectSchedule schedule;
  const auto at_first = schedule.connect_limit();
  for (int i = 0; i < 10; ++i) schedule.after(Failure::other, {}, 0);
  EXPECT_GT(schedule.connect_limit(), at_first);
}

}  // namespace
}  // namespace pizwg
