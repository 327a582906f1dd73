#include "sim/paced_queue.h"

#include <gtest/gtest.h>
#include <numeric>

namespace pizwg::sim {
namespace {

using namespace std::chrono_literals;
using Bytes = std::vector<std::uint8_t>;

constexpr Time start{1000s};

TEST(PacedQueue, PassesEverythingAtOnceWithoutAPace) {
  PacedQueue queue;
  queue.push(Bytes(100, 1), start);
  EXPECT_EQ(queue.passed(start).size(), 100U);
  EXPECT_EQ(queue.next(start), std::nullopt);
}

TEST(PacedQueue, TakesTenBitsForAByte) {
  PacedQueue queue;
  queue.set_baud(10'000);  // a byte a millisecond
  queue.push(Bytes(5, 1), start);
  EXPECT_EQ(queue.passed(start).size(), 0U);
  EXPECT_EQ(queue.passed(start + 999us).size(), 0U);
  EXPECT_EQ(queue.passed(start + 1ms).size(), 1U);
  EXPECT_EQ(queue.passed(start + 4999us).size(), 4U);
  EXPECT_EQ(queue.passed(start + 5ms).size(), 5U);
}

TEST(PacedQueue, Needs356MillisecondsFor4KiBAt115200) {
  PacedQueue queue;
  queue.set_baud(115'200);
  queue.push(Bytes(4096, 1), start);
  EXPECT_LT(queue.passed(start + 355ms).size(), 4096U);
  EXPECT_EQ(queue.passed(start + 356ms).size(), 4096U);
}

TEST(PacedQueue, SavesNoTimeUpWhileItIsEmpty) {
  PacedQueue queue;
  queue.set_baud(10'000);
  queue.push(Bytes(1, 1), start);
  queue.passed(start + 1ms);
  queue.pop(1);
  queue.push(Bytes(3, 1), start + 1s);
  EXPECT_EQ(queue.passed(start + 1s).size(), 0U);
  EXPECT_EQ(queue.passed(start + 1s + 3ms).size(), 3U);
}

TEST(PacedQueue, KeepsThePaceOverManySmallSteps) {
  PacedQueue queue;
  queue.set_baud(115'200);
  queue.push(Bytes(1152, 1), start);
  std::size_t passed = 0;
  for (auto now = start; now <= start + 100ms; now += 137us) {
    const std::size_t count = queue.passed(now).size();
    queue.pop(count);
    passed += count;
  }
  EXPECT_NEAR(static_cast<double>(passed), 1152, 2);
}

TEST(PacedQueue, HasALimitAndTakesNoMore) {
  PacedQueue queue;
  EXPECT_EQ(queue.push(Bytes(5000, 1), start), PacedQueue::capacity);
  EXPECT_EQ(queue.room(), 0U);
  EXPECT_EQ(queue.push(Bytes(1, 1), start), 0U);
}

TEST(PacedQueue, KeepsTheOrderOfTheBytes) {
  PacedQueue queue;
  Bytes bytes(10);
  std::iota(bytes.begin(), bytes.end(), std::uint8_t{0});
  queue.push(std::span(bytes).first(4), start);
  queue.push(std::span(bytes).subspan(4), start);
  const auto passed = queue.passed(start);
  EXPECT_EQ(Bytes(passed.begin(), passed.end()), bytes);
}

TEST(PacedQueue, WantsToBeLookedAtWhenTheLastByteHasPassedAtTheLatestAndNotForEveryByte) {
  PacedQueue queue;
  queue.set_baud(1'000'000);  // 10 us a byte
  queue.push(Bytes(50, 1), start);
  EXPECT_EQ(queue.next(start), start + 500us);
  queue.push(Bytes(450, 1), start);
  EXPECT_EQ(queue.next(start), start + 1ms);
}

TEST(PacedQueue, GoesFasterForWhatWaitsWhenThePaceIsLifted) {
  PacedQueue queue;
  queue.set_baud(300);
  queue.push(Bytes(100, 1), start);
  queue.set_baud(0);
  EXPECT_EQ(queue.passed(start).size(), 100U);
}

}  // namespace
}  // namespace pizwg::sim
