#include "sim/controller.h"

#include <array>
#include <gtest/gtest.h>

namespace pizwg::sim {
namespace {

using zwave::Frame;
using zwave::FrameType;
using Bytes = std::vector<std::uint8_t>;

constexpr std::array<std::uint8_t, 3> nodes{1, 2, 200};

class ControllerTest : public testing::Test {
 protected:
  std::vector<Frame> ask(std::uint8_t function, Bytes payload = {}) {
    return controller.answer({FrameType::request, function, std::move(payload)}).frames;
  }
  // The payload of the one response.
  Bytes response(std::uint8_t function, Bytes payload = {}) {
    const auto frames = ask(function, std::move(payload));
    if (frames.size() != 1 || frames[0].type != FrameType::response || frames[0].function != function)
      return {};
    return frames[0].payload;
  }
  // Options 25, callback 07.
  std::vector<Frame> send(std::uint8_t node, Bytes command, std::uint8_t callback = 7) {
    Bytes payload{node, static_cast<std::uint8_t>(command.size())};
    payload.insert(payload.end(), command.begin(), command.end());
    payload.insert(payload.end(), {0x25, callback});
    return ask(0x13, payload);
  }

  Controller controller{0xC0FFEE01, nodes};
};

TEST_F(ControllerTest, TellsItsVersionAndLibrary) {
  const Bytes payload = response(0x15);
  ASSERT_EQ(payload.size(), 13U);
  EXPECT_EQ(std::string(payload.begin(), payload.begin() + 11), "Z-Wave 7.18");
  EXPECT_EQ(payload[11], 0);
  EXPECT_EQ(payload[12], 0x01);
  EXPECT_EQ(response(0xbd), Bytes{0x01});
}

TEST_F(ControllerTest, TellsItsHomeIdAndNode) {
  EXPECT_EQ(response(0x20), (Bytes{0xc0, 0xff, 0xee, 0x01, 0x01}));
}

TEST_F(ControllerTest, ListsItsNodesAsABitmask) {
  const Bytes payload = response(0x02);
  ASSERT_EQ(payload.size(), 3U + 29 + 2);
  EXPECT_EQ(payload[2], 29);
  EXPECT_EQ(payload[3], 0x03);
  EXPECT_EQ(payload[3 + 199 / 8], 1U << 199 % 8);
}

TEST_F(ControllerTest, HasExactlyTheFunctionsItSaysItHas) {
  const Bytes payload = response(0x07);
  ASSERT_EQ(payload.size(), 8U + 32);
  for (unsigned function = 1; function <= 255; ++function) {
    const bool claimed = (payload[8 + (function - 1) / 8] >> (function - 1) % 8 & 1U) != 0;
    const Answer answer = controller.answer({FrameType::request, static_cast<std::uint8_t>(function), {}});
    EXPECT_EQ(claimed, !answer.frames.empty() || answer.then == AfterAnswer::restart)
        << "function " << function;
  }
}

TEST_F(ControllerTest, RestartsOnASoftResetWithoutAResponse) {
  const Answer answer = controller.answer({FrameType::request, 0x08, {}});
  EXPECT_TRUE(answer.frames.empty());
  EXPECT_EQ(answer.then, AfterAnswer::restart);
}

TEST_F(ControllerTest, NamesTheSetupCommandsItHasAndRefusesOthers) {
  EXPECT_EQ(response(0x0b, {0x01}), (Bytes{0x01, 0x11, 0x02, 0x00, 0x01}));
  EXPECT_EQ(response(0x0b, {0x10}), (Bytes{0x10, 46}));
  EXPECT_EQ(response(0x0b, {0x80, 0x02}), (Bytes{0x00, 0x80}));
}

TEST_F(ControllerTest, SwitchesANodeAndReportsItWhenAsked) {
  for (const std::uint8_t command_class : {std::uint8_t{0x20}, std::uint8_t{0x25}}) {
    for (const std::uint8_t value : {std::uint8_t{0xff}, std::uint8_t{0x00}}) {
      const auto done = send(2, {command_class, 0x01, value});
      ASSERT_EQ(done.size(), 2U);
      EXPECT_EQ(done[0], (Frame{FrameType::response, 0x13, {0x01}}));
      EXPECT_EQ(done[1], (Frame{FrameType::request, 0x13, {7, 0x00, 0x00, 0x01}}));
      const auto got = send(2, {command_class, 0x02});
      ASSERT_EQ(got.size(), 3U);
      EXPECT_EQ(got[2], (Frame{FrameType::request, 0x04, {0, 2, 3, command_class, 0x03, value, 0x7f}}));
    }
  }
}

TEST_F(ControllerTest, KeepsTheStateOfEachNodeApart) {
  send(2, {0x25, 0x01, 0xff});
  EXPECT_EQ(controller.is_on(2), true);
  EXPECT_EQ(controller.is_on(200), false);
}

TEST_F(ControllerTest, SaysThatANodeThatIsNotThereDidNotAcknowledge) {
  const auto frames = send(9, {0x25, 0x02});
  ASSERT_EQ(frames.size(), 2U);
  EXPECT_EQ(frames[1].payload[1], 0x01);
}

TEST_F(ControllerTest, SendsNoCallbackWhenNoneIsWanted) {
  EXPECT_EQ(send(2, {0x25, 0x01, 0xff}, 0).size(), 1U);
}

TEST_F(ControllerTest, RefusesACommandThatIsCutShortAtEveryPoint) {
  const Bytes whole{2, 3, 0x25, 0x01, 0xff, 0x25, 0x07};
  for (std::size_t size = 0; size < whole.size(); ++size) {
    EXPECT_EQ(response(0x13, {whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size)}),
              Bytes{0x00});
  }
  EXPECT_EQ(controller.is_on(2), false);
}

TEST_F(ControllerTest, DescribesItsNodes) {
  EXPECT_EQ(response(0x41, {1})[4], 0x02);
  EXPECT_EQ(response(0x41, {2})[4], 0x10);
  EXPECT_EQ(response(0x41, {9}), Bytes(6, 0));
  const auto known = ask(0x60, {2});
  ASSERT_EQ(known.size(), 2U);
  EXPECT_EQ(known[1], (Frame{FrameType::request, 0x49, {0x84, 2, 4, 0x04, 0x10, 0x01, 0x25}}));
  EXPECT_EQ(ask(0x60, {9})[1].payload[0], 0x81);
}

TEST_F(ControllerTest, ReportsAPressedSwitch) {
  EXPECT_EQ(controller.report(200, true),
            (Frame{FrameType::request, 0x04, {0, 200, 3, 0x25, 0x03, 0xff, 0x7f}}));
  EXPECT_EQ(controller.is_on(200), true);
  EXPECT_EQ(controller.report(9, true), std::nullopt);
  EXPECT_EQ(controller.report(own_node, true), std::nullopt);
}

}  // namespace
}  // namespace pizwg::sim
