#include "stream.h"

#include <gtest/gtest.h>
#include <string>
#include <vector>

namespace pizwg::bench {
namespace {

const Stream stream(42);

std::vector<std::uint8_t> part(std::uint64_t position, std::size_t size) {
  std::vector<std::uint8_t> bytes(size);
  stream.fill(position, bytes);
  return bytes;
}

Faults judged(const std::vector<std::vector<std::uint8_t>>& parts, std::uint64_t sent) {
  StreamJudge judge(stream);
  for (const auto& bytes : parts) judge.receive(bytes);
  return judge.conclude(sent);
}

void expect(const Faults& faults, std::uint64_t lost, std::uint64_t corrupt, std::uint64_t extra) {
  EXPECT_EQ(faults.lost, lost);
  EXPECT_EQ(faults.corrupt, corrupt);
  EXPECT_EQ(faults.extra, extra);
}

TEST(Stream, TwoSeedsAreTwoStreams) {
  std::vector<std::uint8_t> other(64);
  Stream(43).fill(0, other);
  EXPECT_NE(part(0, 64), other);
}

TEST(StreamJudge, FindsNoFaultInWhatWasSent) {
  expect(judged({part(0, 1000), part(1000, 77)}, 1077), 0, 0, 0);
}

TEST(StreamJudge, CountsBytesLostInTheMiddle) {
  expect(judged({part(0, 500), part(513, 500)}, 1013), 13, 0, 0);
}

TEST(StreamJudge, CountsBytesLostAtTheEnd) {
  expect(judged({part(0, 500)}, 600), 100, 0, 0);
}

TEST(StreamJudge, CountsACorruptByte) {
  auto bytes = part(0, 1000);
  bytes[300] ^= 1;
  expect(judged({bytes}, 1000), 0, 1, 0);
}

TEST(StreamJudge, CountsACorruptLastByte) {
  auto bytes = part(0, 1000);
  bytes[999] ^= 1;
  expect(judged({bytes}, 1000), 0, 1, 0);
}

TEST(StreamJudge, CountsBytesThatCameTwice) {
  expect(judged({part(0, 500), part(400, 600)}, 1000), 0, 0, 100);
}

TEST(StreamJudge, CountsAByteThatNobodySent) {
  const std::uint8_t stranger = static_cast<std::uint8_t>(stream.at(500) ^ 0x55);
  expect(judged({part(0, 500), {stranger}, part(500, 500)}, 1000), 0, 0, 1);
}

TEST(StreamJudge, CountsBytesAfterTheEnd) {
  expect(judged({part(0, 1000), {1, 2, 3}}, 1000), 0, 0, 3);
}

TEST(StreamJudge, CountsTextInjectedIntoTheStream) {
  const std::string text = "Port already in use\r\n";
  expect(judged({part(0, 500), {text.begin(), text.end()}, part(500, 500)}, 1000), 0, 0, text.size());
}

}  // namespace
}  // namespace pizwg::bench
