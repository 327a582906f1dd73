#include "flow.h"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <poll.h>

#include "pty.h"

namespace pizwg::bench {

namespace {

constexpr std::int64_t quiet = second / 2;
constexpr std::int64_t drain_limit = 60 * second;

short events(bool reads, bool writes) {
  return static_cast<short>((reads ? POLLIN : 0) | (writes ? POLLOUT : 0));
}

int milliseconds_until(std::int64_t deadline) {
  return static_cast<int>(std::max<std::int64_t>(0, (deadline - now_ns()) / millisecond + 1));
}

// In every six seconds, the second that begins at `offset` seconds.
bool stalls(std::int64_t elapsed, std::int64_t offset) {
  return elapsed / second % 6 == offset;
}

Result<void> move_both(Flow& down, Flow& up, bool down_reads, bool up_reads) {
  pollfd fds[] = {{down.from(), events(up_reads, true), 0}, {down.to(), events(down_reads, true), 0}};
  ::poll(fds, 2, 100);
  const auto ready = [&](int end, short event) { return (fds[end].revents & event) != 0; };
  if (down_reads && ready(1, POLLIN)) {
    if (const Result<void> done = down.read(); !done) return done;
  }
  if (up_reads && ready(0, POLLIN)) {
    if (const Result<void> done = up.read(); !done) return done;
  }
  if (ready(0, POLLOUT)) {
    if (const Result<void> done = down.write(); !done) return done;
  }
  return ready(1, POLLOUT) ? up.write() : Result<void>{};
}

}  // namespace

Result<void> Flow::write() {
  std::array<std::uint8_t, 4096> bytes;
  stream_.fill(sent_, bytes);
  const Result<std::size_t> count = write_some(from_, bytes);
  if (!count) return std::unexpected(count.error());
  sent_ += *count;
  return {};
}

Result<void> Flow::read() {
  std::array<std::uint8_t, 16384> bytes;
  const Result<std::size_t> count = read_some(to_, bytes);
  if (!count) return std::unexpected(count.error());
  received_ += *count;
  judge_.receive({bytes.data(), *count});
  return {};
}

bool Verdict::intact() const {
  return sent > 0 && received == sent && faults.lost + faults.corrupt + faults.extra == 0;
}

std::string Verdict::json() const {
  return fmt::format(R"({{"sent": {}, "received": {}, "lost": {}, "corrupt": {}, "extra": {}}})", sent,
                     received, faults.lost, faults.corrupt, faults.extra);
}

std::string StressVerdict::json() const {
  return fmt::format(R"({{"to_application": {}, "to_gateway": {}}})", to_application.json(),
                     to_gateway.json());
}

Result<void> drain(Flow& flow) {
  const std::int64_t limit = now_ns() + drain_limit;
  std::int64_t quiet_until = now_ns() + quiet;
  while (now_ns() < quiet_until && now_ns() < limit) {
    pollfd fd{flow.to(), POLLIN, 0};
    ::poll(&fd, 1, milliseconds_until(quiet_until));
    const std::uint64_t before = flow.received();
    if (const Result<void> done = flow.read(); !done) return done;
    if (flow.received() != before) quiet_until = now_ns() + quiet;
  }
  return {};
}

Result<StressVerdict> stress(const Ends& ends, int seconds) {
  Flow down(ends.gateway, ends.application, 1);
  Flow up(ends.application, ends.gateway, 2);
  const std::int64_t start = now_ns();
  for (std::int64_t elapsed = 0; elapsed < seconds * second; elapsed = now_ns() - start) {
    const Result<void> moved = move_both(down, up, !stalls(elapsed, 2), !stalls(elapsed, 5));
    if (!moved) return std::unexpected(moved.error());
  }
  for (Flow* flow : {&down, &up}) {
    if (const Result<void> drained = drain(*flow); !drained) return std::unexpected(drained.error());
  }
  return StressVerdict{down.verdict(), up.verdict()};
}

Result<void> stall(Flow& flow, int seconds) {
  const std::int64_t stalled_from = now_ns() + 2 * second;
  const std::int64_t end = stalled_from + seconds * second;
  while (now_ns() < end) {
    const bool reads = now_ns() < stalled_from;
    pollfd fds[] = {{flow.from(), POLLOUT, 0}, {reads ? flow.to() : -1, POLLIN, 0}};
    ::poll(fds, 2, std::min(100, milliseconds_until(end)));
    if ((fds[0].revents & POLLOUT) != 0) {
      if (const Result<void> done = flow.write(); !done) return done;
    }
    if ((fds[1].revents & POLLIN) != 0) {
      if (const Result<void> done = flow.read(); !done) return done;
    }
  }
  return {};
}

}  // namespace pizwg::bench
