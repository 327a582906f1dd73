#include "sim/serial_api.h"

#include <array>
#include <gtest/gtest.h>
#include <random>

namespace pizwg::sim {
namespace {

using namespace std::chrono_literals;
using zwave::encode;
using zwave::Frame;
using zwave::FrameType;
using Bytes = std::vector<std::uint8_t>;

constexpr Time start{1000s};
constexpr std::array<std::uint8_t, 2> nodes{1, 2};
const Frame library_request{FrameType::request, 0xbd, {}};
const Frame library_response{FrameType::response, 0xbd, {0x01}};
const Frame unknown_request{FrameType::request, 0xee, {}};

Bytes operator+(Bytes first, const Bytes& second) {
  first.insert(first.end(), second.begin(), second.end());
  return first;
}

class SerialApiTest : public testing::Test {
 protected:
  Bytes hear(const Bytes& bytes, Time now = start) {
    for (const std::uint8_t byte : bytes) api.receive(byte, now);
    return api.take_output();
  }
  Bytes tick(Time now) {
    api.tick(now);
    return api.take_output();
  }

  SerialApi api{Controller(0xC0FFEE01, nodes)};
  const Bytes ack{zwave::ack_byte};
  const Bytes nak{zwave::nak_byte};
  const Bytes can{zwave::can_byte};
};

TEST_F(SerialApiTest, AcknowledgesARequestAndAnswersIt) {
  EXPECT_EQ(hear(encode(library_request)), ack + encode(library_response));
  EXPECT_EQ(hear(ack), Bytes{});
  EXPECT_EQ(api.deadline(), std::nullopt);
}

TEST_F(SerialApiTest, AcknowledgesAnUnknownFunctionAndSaysNothing) {
  EXPECT_EQ(hear(encode(unknown_request)), ack);
  EXPECT_EQ(api.deadline(), std::nullopt);
}

TEST_F(SerialApiTest, RefusesAWrongChecksumAndTakesTheRepetition) {
  Bytes bad = encode(library_request);
  bad.back() ^= 1;
  EXPECT_EQ(hear(bad), nak);
  EXPECT_EQ(hear(encode(library_request)), ack + encode(library_response));
}

TEST_F(SerialApiTest, SaysTheNextFrameOnlyWhenTheLastIsAcknowledged) {
  const Frame get{FrameType::request, 0x13, {2, 2, 0x25, 0x02, 0x25, 7}};
  EXPECT_EQ(hear(encode(get)), ack + encode({FrameType::response, 0x13, {0x01}}));
  EXPECT_EQ(hear(ack), encode({FrameType::request, 0x13, {7, 0, 0, 1}}));
  EXPECT_EQ(hear(ack), encode({FrameType::request, 0x04, {0, 2, 3, 0x25, 0x03, 0x00, 0x7f}}));
  EXPECT_EQ(hear(ack), Bytes{});
}

TEST_F(SerialApiTest, SaysWhatANodeAnswersWhenTheNodeHasTakenItsTime) {
  api.set_radio_delay(100ms);
  const Frame get{FrameType::request, 0x13, {2, 2, 0x25, 0x02, 0x25, 7}};
  EXPECT_EQ(hear(encode(get)), ack + encode({FrameType::response, 0x13, {0x01}}));
  EXPECT_EQ(hear(ack), Bytes{});
  EXPECT_EQ(api.deadline(), start + 100ms);
  EXPECT_EQ(tick(start + 99ms), Bytes{});
  EXPECT_EQ(tick(start + 100ms), encode({FrameType::request, 0x13, {7, 0, 0, 1}}));
  EXPECT_EQ(hear(ack, start + 101ms), Bytes{});
  EXPECT_EQ(tick(start + 200ms), encode({FrameType::request, 0x04, {0, 2, 3, 0x25, 0x03, 0x00, 0x7f}}));
}

TEST_F(SerialApiTest, RepeatsAtOnceWhenRefusedThreeTimesAtMost) {
  hear(encode(library_request));
  EXPECT_EQ(hear(nak), encode(library_response));
  EXPECT_EQ(hear(nak), encode(library_response));
  EXPECT_EQ(hear(nak), Bytes{});
  EXPECT_EQ(api.deadline(), std::nullopt);
}

TEST_F(SerialApiTest, RepeatsAfter1600MillisecondsWithoutAcknowledgementThreeTimesAtMost) {
  hear(encode(library_request));
  Time now = start;
  for (int repetition = 1; repetition < SerialApi::most_attempts; ++repetition) {
    EXPECT_EQ(api.deadline(), now + 1600ms);
    EXPECT_EQ(tick(now + 1599ms), Bytes{});
    now += 1600ms;
    EXPECT_EQ(tick(now), encode(library_response));
  }
  EXPECT_EQ(tick(now + 1600ms), Bytes{});
  EXPECT_EQ(api.deadline(), std::nullopt);
}

TEST_F(SerialApiTest, CancelsARequestThatArrivesWhileItWaitsForAnAcknowledgement) {
  hear(encode(library_request));
  EXPECT_EQ(hear(encode(library_request)), can);
  EXPECT_EQ(hear(ack), Bytes{});
  EXPECT_EQ(hear(encode(library_request)), ack + encode(library_response));
}

TEST_F(SerialApiTest, AbandonsHalfAFrame1500MillisecondsAfterItsStart) {
  hear({0x01, 0x03});
  hear({0x00}, start + 1400ms);
  EXPECT_EQ(api.deadline(), start + 1500ms);
  tick(start + 1500ms);
  EXPECT_EQ(api.deadline(), std::nullopt);
  EXPECT_EQ(hear(encode(library_request), start + 2s), ack + encode(library_response));
}

TEST_F(SerialApiTest, WaitsBeforeItAnswersWhenSlowAndCancelsWhatComesMeanwhile) {
  api.set_delay(200ms);
  EXPECT_EQ(hear(encode(library_request)), Bytes{});
  EXPECT_EQ(api.deadline(), start + 200ms);
  EXPECT_EQ(hear(encode(unknown_request), start + 100ms), can);
  EXPECT_EQ(tick(start + 199ms), Bytes{});
  EXPECT_EQ(tick(start + 200ms), ack + encode(library_response));
}

TEST_F(SerialApiTest, AsksForARestartOnce) {
  EXPECT_EQ(hear(encode({FrameType::request, 0x08, {}})), ack);
  EXPECT_TRUE(api.take_restart());
  EXPECT_FALSE(api.take_restart());
}

TEST_F(SerialApiTest, ForgetsWhatItWasSayingWhenNobodyListensButNotWhatTheMeshIs) {
  api.controller().report(2, true);
  hear(encode(library_request));
  api.hang_up();
  EXPECT_EQ(api.deadline(), std::nullopt);
  EXPECT_EQ(hear(nak), Bytes{});
  EXPECT_EQ(api.controller().is_on(2), true);
}

TEST_F(SerialApiTest, KeepsALimitedNumberOfFramesToSay) {
  for (int i = 0; i < 1000; ++i) api.say(library_response, start);
  api.take_output();
  std::size_t said = 1;
  while (hear(ack) == encode(library_response)) ++said;
  EXPECT_EQ(said, SerialApi::most_waiting);
}

TEST_F(SerialApiTest, NeverSaysMoreThanItsLimitAtAByteOrATick) {
  std::mt19937 random(1);
  const std::array<Bytes, 6> pieces{
      encode(library_request), encode({FrameType::request, 0x07, {}}), ack, nak, can,
      Bytes{0x01, 0x05, 0x00}};
  Time now = start;
  for (int i = 0; i < 20'000; ++i) {
    for (const std::uint8_t byte : pieces[random() % pieces.size()]) {
      EXPECT_LE(hear({byte}, now).size(), SerialApi::largest_output);
    }
    now += std::chrono::milliseconds(random() % 500);
    EXPECT_LE(tick(now).size(), SerialApi::largest_output);
  }
}

}  // namespace
}  // namespace pizwg::sim
