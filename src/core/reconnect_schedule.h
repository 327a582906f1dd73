#pragma once
// When to try again after an attempt to reach the server failed: 0.1 s later, then doubling to 2 s, with some
// jitter so that the clients of a site do not come all at once. A host that is alive and refuses is about to
// listen (a new master whose gateway starts): there it stays at 0.1 s for a while, or the failover would cost
// a back-off. No clock, no dice.

#include <chrono>
#include <optional>

namespace pizwg {

class ReconnectSchedule {
 public:
  using Time = std::chrono::steady_clock::time_point;
  static constexpr std::chrono::milliseconds first_pause{100};
  static constexpr std::chrono::milliseconds longest_pause{2000};
  static constexpr std::chrono::seconds patience_with_refusals{15};

  enum class Failure { refused, other };

  // The pause after this failure; `chance` is from 0 to 1.
  std::chrono::milliseconds after(Failure failure, Time now, double chance);
  // How long to wait for a connection, the next time. A lost packet costs a second while the kernel repeats
  // it: short at first, because a VIP may be moving; longer for hosts that are really far.
  std::chrono::milliseconds connect_limit() const;

  void succeeded();

 private:
  std::chrono::milliseconds pause_ = first_pause;
  int failures_ = 0;
  std::optional<Time> refused_since_;
};

}  // namespace pizwg
