#include "core/zwave_frame.h"

#include <gtest/gtest.h>
#include <random>

namespace pizwg::zwave {
namespace {

using Bytes = std::vector<std::uint8_t>;

std::vector<Unit> units(FrameDecoder& decoder, const Bytes& bytes) {
  std::vector<Unit> found;
  for (const std::uint8_t byte : bytes) {
    if (const auto unit = decoder.push(byte)) found.push_back(*unit);
  }
  return found;
}

const Frame version_request{FrameType::request, 0x15, {}};

TEST(Encode, GivesTheFrameOfTheSpecificationsExample) {
  EXPECT_EQ(encode(version_request), (Bytes{0x01, 0x03, 0x00, 0x15, 0xe9}));
}

TEST(Encode, MakesAFrameOf257BytesOfTheLargestPayload) {
  const Bytes bytes = encode({FrameType::response, 0x04, Bytes(largest_payload, 0xaa)});
  EXPECT_EQ(bytes.size(), largest_frame);
  EXPECT_EQ(bytes[1], 0xff);
}

TEST(FrameDecoder, ReadsWhatEncodeWroteWhateverTheSize) {
  for (const std::size_t size : {0U, 1U, 29U, 252U}) {
    const Frame frame{FrameType::response, 0x02, Bytes(size, 0x01)};
    FrameDecoder decoder;
    EXPECT_EQ(units(decoder, encode(frame)), std::vector{Unit::frame});
    EXPECT_EQ(decoder.frame(), frame);
    EXPECT_EQ(Bytes(decoder.bytes().begin(), decoder.bytes().end()), encode(frame));
  }
}

TEST(FrameDecoder, TellsTheSingleBytesApart) {
  FrameDecoder decoder;
  EXPECT_EQ(units(decoder, {0x06, 0x15, 0x18, 0x42}),
            (std::vector{Unit::ack, Unit::nak, Unit::can, Unit::noise}));
}

TEST(FrameDecoder, KnowsControlBytesInsideAFrameForData) {
  const Frame frame{FrameType::request, 0x13, {0x01, 0x06, 0x15, 0x18}};
  FrameDecoder decoder;
  EXPECT_EQ(units(decoder, encode(frame)), std::vector{Unit::frame});
}

TEST(FrameDecoder, RefusesEverySingleFlippedBitOfAFrame) {
  const Bytes good = encode({FrameType::request, 0x13, {0x02, 0x03, 0x25, 0x01, 0xff, 0x25, 0x07}});
  for (std::size_t bit = 8; bit < good.size() * 8; ++bit) {
    Bytes bad = good;
    bad[bit / 8] ^= static_cast<std::uint8_t>(1U << bit % 8);
    FrameDecoder decoder;
    for (const Unit unit : units(decoder, bad)) EXPECT_NE(unit, Unit::frame) << "bit " << bit;
  }
}

TEST(FrameDecoder, RefusesALengthTooSmallForAFrame) {
  for (std::uint8_t length = 0; length < 3; ++length) {
    FrameDecoder decoder;
    EXPECT_EQ(units(decoder, {0x01, length}), std::vector{Unit::bad_frame});
  }
}

TEST(FrameDecoder, RefusesATypeThatIsNeitherRequestNorResponse) {
  FrameDecoder decoder;
  EXPECT_EQ(units(decoder, {0x01, 0x03, 0x02, 0x15, 0xeb}), std::vector{Unit::bad_frame});
}

TEST(FrameDecoder, FindsTheNextFrameAfterNoiseAndAfterABadOne) {
  FrameDecoder decoder;
  units(decoder, {0x00, 0xff, 0x80});
  units(decoder, {0x01, 0x03, 0x00, 0x15, 0x00});
  EXPECT_EQ(units(decoder, encode(version_request)), std::vector{Unit::frame});
}

TEST(FrameDecoder, AbandonsHalfAFrame) {
  FrameDecoder decoder;
  units(decoder, {0x01, 0x09, 0x00});
  EXPECT_TRUE(decoder.in_frame());
  decoder.abandon();
  EXPECT_FALSE(decoder.in_frame());
  EXPECT_EQ(units(decoder, encode(version_request)), std::vector{Unit::frame});
}

TEST(FrameDecoder, LosesNoByteOfAnyStream) {
  std::mt19937 random(1);
  FrameDecoder decoder;
  std::size_t accounted = 0;
  const std::size_t total = 100'000;
  for (std::size_t i = 0; i < total; ++i) {
    if (decoder.push(static_cast<std::uint8_t>(random()))) accounted += decoder.bytes().size();
  }
  if (decoder.in_frame()) accounted += decoder.bytes().size();
  EXPECT_EQ(accounted, total);
}

}  // namespace
}  // namespace pizwg::zwave
