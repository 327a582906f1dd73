#pragma once
// Frames of the Z-Wave Serial API: built, and cut out of a stream of bytes. Not what the functions mean, and
// no timing: whoever reads the line abandons a frame that stays unfinished (reception_limit after its first
// byte). On the line: 01, length (type to checksum), type, function, payload, checksum (XOR from length on,
// starting at ff); or one of the single bytes ACK, NAK, CAN. Source of the figures: Silicon Labs INS12350,
// chapter 5 and 6.

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace pizwg::zwave {

inline constexpr std::uint8_t start_of_frame = 0x01;
inline constexpr std::uint8_t ack_byte = 0x06;
inline constexpr std::uint8_t nak_byte = 0x15;
inline constexpr std::uint8_t can_byte = 0x18;

inline constexpr std::size_t largest_frame = 257;    // bytes on the line
inline constexpr std::uint8_t smallest_length = 3;   // type, function, checksum
inline constexpr std::size_t largest_payload = 252;  // what 01, length, type, function and checksum leave
inline constexpr std::chrono::milliseconds reception_limit{1500};
inline constexpr std::chrono::milliseconds acknowledgement_limit{1600};

enum class FrameType : std::uint8_t { request = 0, response = 1 };

struct Frame {
  FrameType type = FrameType::request;
  std::uint8_t function = 0;
  std::vector<std::uint8_t> payload;

  bool operator==(const Frame&) const = default;
};

// The bytes of a frame on the line. A payload larger than largest_payload is a programmer's error.
std::vector<std::uint8_t> encode(const Frame& frame);

// What a byte brought to its end. `bad_frame`: wrong checksum, impossible length or unknown type; `noise`: a
// byte outside any frame that means nothing.
enum class Unit { frame, bad_frame, ack, nak, can, noise };

// Cuts a stream into units, a byte at a time: each byte ends at most one unit, so that no buffer can grow.
// After a bad frame or noise it looks for the next unit from the next byte on.
class FrameDecoder {
 public:
  std::optional<Unit> push(std::uint8_t byte);

  // The frame that the last push() ended; only after Unit::frame.
  Frame frame() const;

  // The bytes of the unit that the last push() ended, or of the frame that is unfinished. Valid until the
  // next push().
  std::span<const std::uint8_t> bytes() const { return {bytes_.data(), size_}; }

  bool in_frame() const { return !ended_ && size_ > 0; }

  // Forgets an unfinished frame.
  void abandon() {
    size_ = 0;
    ended_ = false;
  }

 private:
  std::optional<Unit> first_byte(std::uint8_t byte);
  Unit ended(Unit unit);

  std::array<std::uint8_t, largest_frame> bytes_{};
  std::size_t size_ = 0;
  bool ended_ = false;
};

}  // namespace pizwg::zwave
