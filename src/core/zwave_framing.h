#pragma once
// One direction of a line that may break at any byte, made safe for a Z-Wave driver: a frame passes when all
// of it is there, and never a part of it, because whoever gets half a frame before a gap takes what follows
// for the rest (2.6 to 31 s of confusion were measured). A frame is of no use before it is complete, so this
// costs no time. What cannot be a frame (a bootloader's menu, XMODEM) passes as it comes, until there is a
// whole frame again. Remembers by which frame a stick said that it has started, so that it can be said again.

#include <chrono>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "core/unit_buffer.h"
#include "core/zwave_frame.h"

namespace pizwg {

class ZwaveFraming {
 public:
  using Time = std::chrono::steady_clock::time_point;

  // Adds to `out` what `bytes` complete. Half a frame that is older than zwave::reception_limit is dropped:
  // who reads the line has given it up, too.
  void push(std::span<const std::uint8_t> bytes, Time now, UnitBuffer& out);

  // Whoever calls push() was held up and could not read: the line is not to blame for the time until `now`.
  void was_held_up(Time now) { frame_began_ = now; }

  // A gap: what comes next has nothing to do with what came before.
  void reset();

  // By which frame the stick said last that it has started (SerialAPIStarted); empty when it has not so far.
  // Not forgotten at a gap.
  std::span<const std::uint8_t> start() const { return start_; }
  // Whoever speaks here was told something that the other end did not say, and answers it: that
  // acknowledgement is nobody's. A frame before it was said without knowing, and will be said again: it is
  // dropped, or a stick would get it twice in a row.
  void wait_for_answer(Time until) { answer_due_ = until; }
  // Bytes of frames so dropped since this was asked last.
  std::size_t take_dropped() { return std::exchange(dropped_, 0); }

  bool holds_half_a_frame() const { return !raw_ && decoder_.in_frame(); }

 private:
  void take(std::uint8_t byte, UnitBuffer& out);
  bool cannot_be_a_frame() const;
  bool awaits_answer() const { return now_ < answer_due_; }
  void remember_start();

  zwave::FrameDecoder decoder_;
  Time frame_began_;
  bool raw_ = false;
  std::vector<std::uint8_t> start_;
  Time answer_due_{};
  std::size_t dropped_ = 0;
  Time now_{};  // of the push() that is going on
};

}  // namespace pizwg
