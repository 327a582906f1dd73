#pragma once
// A bounded queue of bytes that pass one after the other at the pace of a serial line: 8N1, so 10 bits a
// byte. Not a clock: time comes in as an argument and must not go backwards.

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace pizwg::sim {

using Time = std::chrono::steady_clock::time_point;

class PacedQueue {
 public:
  static constexpr std::size_t capacity = 4096;

  // Bits a second; 0 is unlimited.
  void set_baud(unsigned baud);

  std::size_t room() const { return capacity - bytes_.size(); }
  bool empty() const { return bytes_.empty(); }

  // Takes as many bytes as there is room for; returns how many.
  std::size_t push(std::span<const std::uint8_t> bytes, Time now);

  // The bytes whose last bit has passed, oldest first. Valid until the next call that is not const.
  std::span<const std::uint8_t> passed(Time now);

  // Removes `count` passed bytes from the front.
  void pop(std::size_t count);

  // When to look again; nothing when every byte has passed.
  std::optional<Time> next(Time now) const;

  void clear();

 private:
  std::vector<std::uint8_t> bytes_;
  std::size_t passed_ = 0;                // of bytes_, from the front
  std::chrono::nanoseconds byte_time_{};  // 0: unlimited
  Time line_free_;                        // when the last passed byte's last bit passed
};

}  // namespace pizwg::sim
