#include "core/reconnect_schedule.h"

#include <algorithm>
#include <utility>

namespace pizwg {
namespace {

using std::chrono::milliseconds;

// From 80 to 100 %.
milliseconds with_jitter(milliseconds pause, double chance) {
  return milliseconds(
      static_cast<milliseconds::rep>(static_cast<double>(pause.count()) * (1.0 - 0.2 * chance)));
}

constexpr int short_attempts = 5;

}  // namespace

milliseconds ReconnectSchedule::after(Failure failure, Time now, double chance) {
  ++failures_;
  if (failure == Failure::other) refused_since_.reset();
  if (failure == Failure::refused) {
    if (!refused_since_) refused_since_ = now;
    if (now - *refused_since_ < patience_with_refusals) {
      pause_ = first_pause;
      return first_pause;
    }
  }
  return with_jitter(std::exchange(pause_, std::min(pause_ * 2, longest_pause)), chance);
}

milliseconds ReconnectSchedule::connect_limit() const {
  return failures_ < short_attempts ? milliseconds(500) : milliseconds(3000);
}

void ReconnectSchedule::succeeded() {
  *this = {};
}

}  // namespace pizwg
