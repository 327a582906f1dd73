#include "core/zwave_frame.h"

#include <cassert>
#include <functional>
#include <numeric>

namespace pizwg::zwave {
namespace {

std::uint8_t checksum(std::span<const std::uint8_t> from_length_on) {
  return std::accumulate(from_length_on.begin(), from_length_on.end(), std::uint8_t{0xff}, std::bit_xor<>());
}

}  // namespace

std::vector<std::uint8_t> encode(const Frame& frame) {
  assert(frame.payload.size() <= largest_payload);
  std::vector<std::uint8_t> bytes;
  bytes.reserve(frame.payload.size() + 5);
  bytes.push_back(start_of_frame);
  bytes.push_back(static_cast<std::uint8_t>(frame.payload.size() + smallest_length));
  bytes.push_back(static_cast<std::uint8_t>(frame.type));
  bytes.push_back(frame.function);
  bytes.insert(bytes.end(), frame.payload.begin(), frame.payload.end());
  bytes.push_back(checksum(std::span(bytes).subspan(1)));
  return bytes;
}

std::optional<Unit> FrameDecoder::push(std::uint8_t byte) {
  if (!in_frame()) return first_byte(byte);
  bytes_[size_++] = byte;
  const std::size_t length = bytes_[1];
  if (length < smallest_length) return ended(Unit::bad_frame);
  if (size_ < length + 2) return std::nullopt;
  const bool known_type = bytes_[2] <= static_cast<std::uint8_t>(FrameType::response);
  const bool intact = checksum(bytes().subspan(1)) == 0;
  return ended(known_type && intact ? Unit::frame : Unit::bad_frame);
}

Frame FrameDecoder::frame() const {
  assert(ended_ && size_ >= smallest_length + 2);
  const auto payload = bytes().subspan(4, size_ - 5);
  return {static_cast<FrameType>(bytes_[2]), bytes_[3], {payload.begin(), payload.end()}};
}

std::optional<Unit> FrameDecoder::first_byte(std::uint8_t byte) {
  bytes_[0] = byte;
  size_ = 1;
  ended_ = false;
  switch (byte) {
    case start_of_frame:
      return std::nullopt;
    case ack_byte:
      return ended(Unit::ack);
    case nak_byte:
      return ended(Unit::nak);
    case can_byte:
      return ended(Unit::can);
    default:
      return ended(Unit::noise);
  }
}

Unit FrameDecoder::ended(Unit unit) {
  ended_ = true;
  return unit;
}

}  // namespace pizwg::zwave
