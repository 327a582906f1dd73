#include "sim/serial_api.h"

#include <algorithm>

namespace pizwg::sim {

using zwave::Frame;
using zwave::Unit;

void SerialApi::receive(std::uint8_t byte, Time now) {
  const bool was_in_frame = decoder_.in_frame();
  const std::optional<Unit> unit = decoder_.push(byte);
  if (!was_in_frame && decoder_.in_frame()) abandon_at_ = now + zwave::reception_limit;
  if (!unit) return;
  switch (*unit) {
    case Unit::frame:
      return take_request(now);
    case Unit::bad_frame:
      return put(zwave::nak_byte);
    case Unit::ack:
      return acknowledged(now);
    case Unit::nak:
    case Unit::can:
      return send_again(now);
    case Unit::noise:
      return;
  }
}

// A stick that waits for an acknowledgement, or is still busy with a request, takes no other: the host tries
// again.
void SerialApi::take_request(Time now) {
  if (attempts_ > 0 || delayed_) return put(zwave::can_byte);
  if (delay_.count() == 0) return answer(decoder_.frame(), now);
  delayed_ = Delayed{decoder_.frame(), now + delay_};
}

void SerialApi::answer(const Frame& request, Time now) {
  put(zwave::ack_byte);
  Answer answer = controller_.answer(request);
  restart_ = restart_ || answer.then == AfterAnswer::restart;
  Time due = now;
  for (const Frame& frame : answer.frames) {
    say_when_due(frame, due, now);
    due += radio_delay_;
  }
}

void SerialApi::say(const Frame& frame, Time now) {
  say_when_due(frame, now, now);
}

void SerialApi::say_when_due(const Frame& frame, Time due, Time now) {
  if (waiting_.size() >= most_waiting) return;
  waiting_.push_back({frame, due});
  say_next(now);
}

void SerialApi::say_next(Time now) {
  if (attempts_ == 0 && !waiting_.empty() && now >= waiting_.front().due) send_front(now);
}

void SerialApi::send_front(Time now) {
  const auto bytes = zwave::encode(waiting_.front().frame);
  output_.insert(output_.end(), bytes.begin(), bytes.end());
  ++attempts_;
  repeat_at_ = now + acknowledgement_limit;
}

void SerialApi::acknowledged(Time now) {
  if (attempts_ == 0) return;
  waiting_.pop_front();
  attempts_ = 0;
  say_next(now);
}

void SerialApi::send_again(Time now) {
  if (attempts_ == 0) return;
  if (attempts_ >= most_attempts) return acknowledged(now);  // given up: the frame is lost
  send_front(now);
}

void SerialApi::tick(Time now) {
  if (decoder_.in_frame() && now >= abandon_at_) decoder_.abandon();
  if (attempts_ > 0 && now >= repeat_at_) return send_again(now);
  if (delayed_ && now >= delayed_->due && attempts_ == 0) answer(std::exchange(delayed_, {})->request, now);
  say_next(now);
}

std::optional<Time> SerialApi::deadline() const {
  std::optional<Time> first;
  const auto consider = [&first](Time at) { first = first ? std::min(*first, at) : at; };
  if (decoder_.in_frame()) consider(abandon_at_);
  if (attempts_ > 0) consider(repeat_at_);
  if (delayed_ && attempts_ == 0) consider(delayed_->due);
  if (attempts_ == 0 && !waiting_.empty()) consider(waiting_.front().due);
  return first;
}

void SerialApi::hang_up() {
  waiting_.clear();
  attempts_ = 0;
  output_.clear();
}

void SerialApi::restart() {
  hang_up();
  decoder_.abandon();
  delayed_.reset();
}

}  // namespace pizwg::sim
