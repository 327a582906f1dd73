#include "core/zwave_framing.h"

#include <algorithm>
#include <gtest/gtest.h>
#include <numeric>
#include <random>
#include <string_view>

namespace pizwg {
namespace {

using namespace std::chrono_literals;
using Data = std::vector<std::uint8_t>;

const Data frame = zwave::encode({zwave::FrameType::request, 0x13, {0x02, 0x03, 0x25, 0x01, 0x06}});
const Data other = zwave::encode({zwave::FrameType::response, 0x04, Data(40, 0x01)});

class Line {
 public:
  Data push(const Data& bytes) {
    UnitBuffer out;
    framing.push(bytes, now, out);
    return {out.bytes().begin(), out.bytes().end()};
  }

  ZwaveFraming framing;
  ZwaveFraming::Time now{};
};

Data operator+(Data left, const Data& right) {
  left.insert(left.end(), right.begin(), right.end());
  return left;
}

Data part(const Data& data, std::size_t begin, std::size_t end) {
  return {data.begin() + static_cast<std::ptrdiff_t>(begin), data.begin() + static_cast<std::ptrdiff_t>(end)};
}

TEST(ZwaveFraming, HoldsAFrameUntilItIsWholeWhereverItIsCut) {
  for (std::size_t cut = 1; cut < frame.size(); ++cut) {
    Line line;
    EXPECT_EQ(line.push(part(frame, 0, cut)), Data{}) << cut;
    EXPECT_TRUE(line.framing.holds_half_a_frame());
    EXPECT_EQ(line.push(part(frame, cut, frame.size())), frame) << cut;
  }
}

TEST(ZwaveFraming, PassesWhatIsWholeAndHoldsTheRest) {
  Line line;
  EXPECT_EQ(line.push(Data{0x06} + frame + part(other, 0, 7)), Data{0x06} + frame);
  const Data answers{0x18, 0x15};
  EXPECT_EQ(line.push(part(other, 7, other.size()) + answers), other + answers);
}

TEST(ZwaveFraming, ForgetsHalfAFrameAtAGapWhereverItIsCut) {
  for (std::size_t cut = 1; cut < frame.size(); ++cut) {
    Line line;
    line.push(part(frame, 0, cut));
    line.framing.reset();
    EXPECT_EQ(line.push(other), other) << cut;
  }
}

TEST(ZwaveFraming, GivesUpHalfAFrameWhenItsReaderDoes) {
  Line line;
  line.push(part(frame, 0, 4));
  line.now += zwave::reception_limit;
  EXPECT_EQ(line.push(other), other);
  line.push(part(frame, 0, 4));
  line.now += zwave::reception_limit - 1ms;
  EXPECT_EQ(line.push(part(frame, 4, frame.size())), frame);
}

TEST(ZwaveFraming, DoesNotCountTheTimeInWhichNobodyRead) {
  Line line;
  line.push(part(frame, 0, 4));
  line.now += 9s;
  line.framing.was_held_up(line.now);
  EXPECT_EQ(line.push(part(frame, 4, frame.size())), frame);
}

TEST(ZwaveFraming, CountsTheLimitFromTheFramesStart) {
  Line line;
  line.push(part(frame, 0, 4));
  line.now += 1s;
  line.push(part(frame, 4, 6));
  line.now += 500ms;
  EXPECT_EQ(line.push(Data{0x06}), Data{0x06});
}

TEST(ZwaveFraming, PassesABadFrameWholeSoThatItIsAskedForAgain) {
  Line line;
  auto bad = frame;
  bad.back() ^= 1;
  EXPECT_EQ(line.push(part(bad, 0, 5)), Data{});
  EXPECT_EQ(line.push(part(bad, 5, bad.size())), bad);
  EXPECT_EQ(line.push(part(frame, 0, 5)), Data{});
}

TEST(ZwaveFraming, PassesABootloadersMenuAsItComes) {
  Line line;
  for (const char c : std::string_view("\r\nGecko Bootloader v1\r\n1. upload gbl\r\nBL > ")) {
    EXPECT_EQ(line.push({static_cast<std::uint8_t>(c)}), Data{static_cast<std::uint8_t>(c)});
  }
}

Data xmodem_block(unsigned number, unsigned seed) {
  Data block{0x01, static_cast<std::uint8_t>(number), static_cast<std::uint8_t>(~number)};
  std::mt19937 random(seed);
  while (block.size() < 133) block.push_back(static_cast<std::uint8_t>(random()));
  return block;
}

TEST(ZwaveFraming, PassesEveryBlockOfAnXmodemTransferAtOnce) {
  Line line;
  for (unsigned number = 1; number < 600; ++number) {
    const auto block = xmodem_block(number, number);
    EXPECT_EQ(line.push(part(block, 0, 50)) + line.push(part(block, 50, 133)), block) << number;
  }
}

TEST(ZwaveFraming, PassesXmodemAlsoWhenItBeginsAtAnyBlock) {
  for (unsigned number = 1; number < 254; ++number) {
    Line line;
    EXPECT_EQ(line.push(xmodem_block(number, 1)), xmodem_block(number, 1)) << number;
  }
}

TEST(ZwaveFraming, ReturnsToFramesAfterTheFirstWholeOne) {
  Line line;
  EXPECT_EQ(line.push({'B', 'L'}), (Data{'B', 'L'}));
  EXPECT_EQ(line.push(part(frame, 0, 4)), part(frame, 0, 4));  // as it comes: it may be anything
  EXPECT_EQ(line.push(part(frame, 4, frame.size())), part(frame, 4, frame.size()));
  EXPECT_EQ(line.push(part(frame, 0, 4)), Data{});
}

// Whatever comes, in whatever pieces: nothing is added or changed, and only half a frame is held.
TEST(ZwaveFraming, LosesNothingOfAnyStreamInAnyPieces) {
  std::mt19937 random(7);
  const std::vector<Data> words{frame, other, {0x06}, {0x15}, {0x18}, {0x00, 0xff}, xmodem_block(3, 3),
                                {0x01}};
  for (int round = 0; round < 300; ++round) {
    Line line;
    Data in;
    Data out;
    for (int i = 0; i < 30; ++i) in = in + words[random() % words.size()];
    for (std::size_t at = 0; at < in.size();) {
      const std::size_t size = std::min<std::size_t>(1 + random() % 40, in.size() - at);
      out = out + line.push(part(in, at, at + size));
      at += size;
      ASSERT_LE(at - out.size(), zwave::largest_frame);
      ASSERT_TRUE(std::equal(out.begin(), out.end(), in.begin()));
    }
    EXPECT_TRUE(out.size() == in.size() || line.framing.holds_half_a_frame());
  }
}

// Frames and acknowledgements only, as on a healthy line: what is out ends with a whole unit at any time.
TEST(ZwaveFraming, NeverEndsInTheMiddleOfAFrame) {
  std::mt19937 random(8);
  Line line;
  Data in;
  std::vector<std::size_t> ends;
  for (int i = 0; i < 500; ++i) {
    in = in + (random() % 3 == 0 ? other : random() % 2 == 0 ? frame : Data{0x06});
    ends.push_back(in.size());
  }
  std::size_t out = 0;
  for (std::size_t at = 0; at < in.size(); ++at) {
    out += line.push({in[at]}).size();
    EXPECT_TRUE(out == 0 || std::ranges::binary_search(ends, out));
  }
  EXPECT_EQ(out, in.size());
}

const Data started = zwave::encode({zwave::FrameType::request, 0x0A, {0x06, 0x00, 0x80}});

Data start_of(const Line& line) {
  return {line.framing.start().begin(), line.framing.start().end()};
}

TEST(ZwaveFraming, RemembersByWhichFrameTheStickSaidThatItStarted) {
  Line line;
  line.push(frame + other);
  EXPECT_EQ(start_of(line), Data{});
  EXPECT_EQ(line.push(frame + started + other), frame + started + other);
  line.framing.reset();
  EXPECT_EQ(start_of(line), started);
}

TEST(ZwaveFraming, RemembersNoStartThatIsDamagedOrAResponse) {
  Line line;
  Data damaged = started;
  damaged.back() ^= 1;
  line.push(damaged + zwave::encode({zwave::FrameType::response, 0x0A, {0x06}}));
  EXPECT_EQ(start_of(line), Data{});
}

TEST(ZwaveFraming, DropsTheAnswerThatItWaitsForAndWhatWasSaidBeforeIt) {
  for (const std::uint8_t answer : {zwave::ack_byte, zwave::nak_byte, zwave::can_byte}) {
    Line line;
    line.framing.wait_for_answer(line.now + 1s);
    EXPECT_EQ(line.push(frame + Data{answer} + other + Data{answer}), other + Data{answer});
    EXPECT_EQ(line.framing.take_dropped(), frame.size());
    EXPECT_EQ(line.framing.take_dropped(), 0U);
  }
}

TEST(ZwaveFraming, DropsNothingThatComesLateOrAfterAGap) {
  Line line;
  line.framing.wait_for_answer(line.now + 1s);
  line.now += 1s;
  EXPECT_EQ(line.push({0x06}), Data{0x06});
  line.framing.wait_for_answer(line.now + 1s);
  line.framing.reset();
  EXPECT_EQ(line.push({0x06}), Data{0x06});
}

}  // namespace
}  // namespace pizwg
