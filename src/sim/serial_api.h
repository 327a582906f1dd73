#pragma once
// The stick's end of the Serial API: acknowledges, refuses, repeats. Not what the answers are (controller.h),
// and neither clock nor line: bytes and the time come in, bytes go out through take_output(). Each byte or
// tick makes at most largest_output bytes, so that the caller can see to the room for them first.

#include <chrono>
#include <cstdint>
#include <deque>
#include <optional>
#include <utility>
#include <vector>

#include "core/zwave_frame.h"
#include "sim/controller.h"
#include "sim/paced_queue.h"

namespace pizwg::sim {

class SerialApi {
 public:
  static constexpr std::size_t largest_output = 1 + zwave::largest_frame;  // an acknowledgement and a frame
  static constexpr std::size_t most_waiting = 32;                          // frames; further ones are lost
  static constexpr int most_attempts = 3;
  static constexpr std::chrono::milliseconds acknowledgement_limit = zwave::acknowledgement_limit;

  explicit SerialApi(Controller controller) : controller_(std::move(controller)) {}

  Controller& controller() { return controller_; }

  void receive(std::uint8_t byte, Time now);

  // Says a frame that nobody asked for.
  void say(const zwave::Frame& frame, Time now);

  // Lets time pass: call it at deadline().
  void tick(Time now);
  std::optional<Time> deadline() const;

  // How long a request waits before it is acknowledged and answered; one that arrives meanwhile is cancelled.
  void set_delay(std::chrono::milliseconds delay) { delay_ = delay; }

  std::vector<std::uint8_t> take_output() { return std::exchange(output_, {}); }

  // Whether a soft reset was asked for since the last call.
  bool take_restart() { return std::exchange(restart_, false); }

  // How long a node takes, once for its acknowledgement (the callback) and once for its answer.
  void set_radio_delay(std::chrono::milliseconds delay) { radio_delay_ = delay; }

  // Nobody listens any more: what waits to be said or acknowledged is forgotten.
  void hang_up();

  // As after a power cycle: half a frame and a delayed request are forgotten too. The nodes keep their state.
  void restart();

 private:
  struct Delayed {
    zwave::Frame request;
    Time due;
  };

  // Not to be said before it is due.
  struct Waiting {
    zwave::Frame frame;
    Time due;
  };

  void take_request(Time now);
  void answer(const zwave::Frame& request, Time now);
  void say_when_due(const zwave::Frame& frame, Time due, Time now);
  void acknowledged(Time now);
  void send_front(Time now);
  void send_again(Time now);
  void say_next(Time now);
  void put(std::uint8_t control) { output_.push_back(control); }

  Controller controller_;
  zwave::FrameDecoder decoder_;
  Time abandon_at_{};  // while the decoder is in a frame
  std::optional<Delayed> delayed_;
  std::deque<Waiting> waiting_;  // to be said; while attempts_ > 0 the first is said and not acknowledged
  int attempts_ = 0;
  Time repeat_at_{};  // while attempts_ > 0
  std::chrono::milliseconds delay_{0};
  std::chrono::milliseconds radio_delay_{0};
  std::vector<std::uint8_t> output_;
  bool restart_ = false;
};

}  // namespace pizwg::sim
