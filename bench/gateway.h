#pragma once
// The far end of the serial line: a stand-in for the stick, in the same process as the stop-watch. Not the
// simulated gateway that people can try PiZWG with (pizwg-sim): this one knows one frame, and when its last
// bit was on the wire.

#include <array>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>

#include "base/error.h"

namespace pizwg::bench {

// SOF, length, type, function, payload, checksum: 48 bytes, 4.2 ms at 115200 8N1. `number` makes it one of a
// kind.
using Frame = std::array<std::uint8_t, 48>;
Frame make_frame(std::uint32_t number);
inline constexpr std::uint8_t ack = 0x06;

enum class Answer {
  echo,
  zwave
};  // zwave: ACK, then the response: a frame with the same number; then awaits the ACK
enum class Pace { none, baud_115200 };

class Gateway {
 public:
  Gateway(int master, Answer answer, Pace pace) : master_(master), answer_(answer), pace_(pace) {}

  // Call when the master is readable and when the deadline passed.
  Result<void> progress();

  // When it has something to say at a later time.
  std::optional<std::int64_t> deadline() const;

  // Of how many responses the application's ACK has arrived, and when the last one was complete on the wire.
  std::uint64_t acknowledged() const { return acknowledged_; }
  std::int64_t acknowledged_at() const { return acknowledged_at_; }

 private:
  struct Chunk {
    std::int64_t due;
    std::string bytes;
  };

  Result<void> receive(std::int64_t now);
  Result<void> send(std::int64_t now);
  void answer_frame();
  void say(const std::string& bytes);
  std::int64_t wire_time(std::size_t bytes) const;

  int master_;
  Answer answer_;
  Pace pace_;
  std::string received_;
  std::int64_t received_at_ = 0;  // when the last received byte was complete on the wire
  std::int64_t said_at_ = 0;      // when the last byte to be said will be
  std::deque<Chunk> to_say_;
  bool awaits_ack_ = false;
  std::uint64_t acknowledged_ = 0;
  std::int64_t acknowledged_at_ = 0;
};

}  // namespace pizwg::bench
