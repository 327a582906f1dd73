#include "gateway.h"

#include <fcntl.h>
#include <functional>
#include <gtest/gtest.h>
#include <numeric>
#include <optional>
#include <stdlib.h>
#include <thread>

#include "flow.h"
#include "measures.h"
#include "pty.h"

namespace pizwg::bench {
namespace {

// A bare line: gateway and application at the two ends of one pty.
class BareLine : public testing::Test {
 protected:
  void SetUp() override {
    ASSERT_NE(::mkdtemp(folder_.data()), nullptr);
    pty_.emplace(PtyLink::make(folder_ + "/gateway"));
    ASSERT_TRUE(pty_->has_value());
    application_ = open_line(folder_ + "/gateway");
    ASSERT_TRUE(application_);
  }
  void TearDown() override {
    pty_.reset();
    EXPECT_TRUE(std::filesystem::remove(folder_)) << "the link is still there";
  }
  Ends ends() const { return {(*pty_)->master(), application_->get()}; }

  std::string folder_ = testing::TempDir() + "benchXXXXXX";
  std::optional<Result<PtyLink>> pty_;
  Result<UniqueFd> application_;
};

TEST(Frame, IsOneThatADriverWouldAccept) {
  const Frame frame = make_frame(7);
  EXPECT_EQ(frame[0], 0x01);
  EXPECT_EQ(frame[1], frame.size() - 2);
  EXPECT_EQ(std::accumulate(frame.begin() + 1, frame.end(), 0xff, std::bit_xor<>()), 0);
  EXPECT_NE(frame, make_frame(8));
}

TEST_F(BareLine, EchoesEveryFrame) {
  const Result<Samples> samples = round_trips(ends(), 20);
  ASSERT_TRUE(samples) << samples.error().what;
  EXPECT_EQ(samples->count(), 20U);
}

TEST_F(BareLine, AcknowledgesAndAnswersEveryFrame) {
  const Result<Samples> samples = exchanges(ends(), 20, 0, Pace::none);
  ASSERT_TRUE(samples) << samples.error().what;
  EXPECT_EQ(samples->count(), 20U);
}

TEST_F(BareLine, APacedExchangeTakesAsLongAsItsBytesOnTheWire) {
  const Result<Samples> samples = exchanges(ends(), 3, 0, Pace::baud_115200);
  ASSERT_TRUE(samples) << samples.error().what;
  EXPECT_GE(samples->percentile_ms(0), 98 * 10 / 115.2);  // two frames and two ACKs, ten bits each
}

TEST_F(BareLine, AnAlteredFrameEndsTheMeasurement) {
  std::jthread meddler([this](const std::stop_token& stop) {
    const std::uint8_t stray = 0x00;
    while (!stop.stop_requested()) static_cast<void>(write_some(ends().gateway, {&stray, 1}));
  });
  EXPECT_FALSE(round_trips(ends(), 1000));
}

TEST_F(BareLine, AStressOfABareLineIsIntactAndMovesBytesBothWays) {
  const Result<StressVerdict> verdict = stress(ends(), 1);
  ASSERT_TRUE(verdict) << verdict.error().what;
  EXPECT_TRUE(verdict->intact()) << verdict->json();
}

TEST_F(BareLine, AStallCountsWhatIsOnTheWayAndTheDrainReadsAllOfIt) {
  Flow flow(ends().gateway, ends().application, 1);
  ASSERT_TRUE(stall(flow, 1));
  EXPECT_GT(flow.on_the_way(), 0U);
  ASSERT_TRUE(drain(flow));
  EXPECT_EQ(flow.on_the_way(), 0U);
  EXPECT_TRUE(flow.verdict().intact());
}

TEST(PtyLink, DoesNotReplaceAFile) {
  const std::string path = testing::TempDir() + "bench_file";
  UniqueFd file(::creat(path.c_str(), 0600));
  EXPECT_FALSE(PtyLink::make(path));
  EXPECT_TRUE(std::filesystem::is_regular_file(path));
  std::filesystem::remove(path);
}

}  // namespace
}  // namespace pizwg::bench
