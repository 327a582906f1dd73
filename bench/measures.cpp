#include "measures.h"

#include <algorithm>
#include <poll.h>
#include <span>

#include "pty.h"

namespace pizwg::bench {

namespace {

constexpr std::int64_t patience = 5 * second;

timespec until(std::int64_t deadline) {
  const std::int64_t left = std::max<std::int64_t>(0, deadline - now_ns());
  return {.tv_sec = left / second, .tv_nsec = left % second};
}

// Waits for either end, or the deadline.
void wait(const Ends& ends, std::int64_t deadline) {
  pollfd fds[] = {{ends.gateway, POLLIN, 0}, {ends.application, POLLIN, 0}};
  const timespec left = until(deadline);
  ::ppoll(fds, 2, &left, nullptr);
}

class Chain {
 public:
  Chain(const Ends& ends, Answer answer, Pace pace) : ends_(ends), gateway_(ends.gateway, answer, pace) {}

  const Gateway& gateway() const { return gateway_; }

  Result<void> send(std::span<const std::uint8_t> bytes) {
    const Result<std::size_t> count = write_some(ends_.application, bytes);
    if (!count) return std::unexpected(count.error());
    if (*count != bytes.size()) return fail("the application's line took only a part of a frame");
    return {};
  }

  // Serves the gateway while the application reads into all of `bytes`.
  Result<void> expect(std::span<std::uint8_t> bytes) {
    const std::int64_t deadline = now_ns() + patience;
    while (!bytes.empty()) {
      if (const Result<void> served = serve_once(deadline); !served) return served;
      const Result<std::size_t> count = read_some(ends_.application, bytes);
      if (!count) return std::unexpected(count.error());
      bytes = bytes.subspan(*count);
      if (now_ns() > deadline) return fail("no answer on the application's line within 5 s");
    }
    return {};
  }

  Result<void> expect_acknowledged(std::uint64_t total) {
    const std::int64_t deadline = now_ns() + patience;
    while (gateway_.acknowledged() < total) {
      if (const Result<void> served = serve_once(deadline); !served) return served;
      if (now_ns() > deadline) return fail("no ACK at the gateway within 5 s");
    }
    return {};
  }

  Result<void> pause(std::int64_t until_ns) {
    while (now_ns() < until_ns) {
      if (const Result<void> served = serve_once(until_ns); !served) return served;
    }
    return {};
  }

 private:
  Result<void> serve_once(std::int64_t deadline) {
    wait(ends_, std::min(deadline, gateway_.deadline().value_or(deadline)));
    return gateway_.progress();
  }

  Ends ends_;
  Gateway gateway_;
};

Result<void> exchange_once(Chain& chain, std::uint32_t number) {
  const Frame frame = make_frame(number);
  if (const Result<void> sent = chain.send(frame); !sent) return sent;
  std::array<std::uint8_t, 1 + sizeof(Frame)> answer{};
  if (const Result<void> came = chain.expect(answer); !came) return came;
  if (answer[0] != ack || !std::equal(frame.begin(), frame.end(), answer.begin() + 1)) {
    return fail("the response is not the gateway's");
  }
  if (const Result<void> sent = chain.send({&ack, 1}); !sent) return sent;
  return chain.expect_acknowledged(number + 1);
}

Result<void> round_trip_once(Chain& chain, std::uint32_t number) {
  const Frame frame = make_frame(number);
  if (const Result<void> sent = chain.send(frame); !sent) return sent;
  Frame echo{};
  if (const Result<void> came = chain.expect(echo); !came) return came;
  if (echo != frame) return fail("the frame came back altered");
  return {};
}

// True when something was there.
Result<bool> forget_some(int fd) {
  std::uint8_t buffer[4096];
  const Result<std::size_t> count = read_some(fd, buffer);
  if (!count) return std::unexpected(count.error());
  return *count > 0;
}

}  // namespace

Result<Samples> round_trips(const Ends& ends, int count) {
  Chain chain(ends, Answer::echo, Pace::none);
  Samples samples;
  for (int i = 0; i < count; ++i) {
    const std::int64_t start = now_ns();
    const Result<void> done = round_trip_once(chain, static_cast<std::uint32_t>(i));
    if (!done) return std::unexpected(done.error());
    samples.add(now_ns() - start);
  }
  return samples;
}

Result<Samples> exchanges(const Ends& ends, int count, std::int64_t gap_ns, Pace pace) {
  Chain chain(ends, Answer::zwave, pace);
  Samples samples;
  for (int i = 0; i < count; ++i) {
    const std::int64_t start = now_ns();
    if (const Result<void> done = exchange_once(chain, static_cast<std::uint32_t>(i)); !done) {
      return std::unexpected(done.error());
    }
    samples.add(chain.gateway().acknowledged_at() - start);
    const std::int64_t next = chain.gateway().acknowledged_at() + gap_ns;
    if (const Result<void> paused = chain.pause(next); !paused) return std::unexpected(paused.error());
  }
  return samples;
}

Result<void> settle(const Ends& ends) {
  const std::int64_t deadline = now_ns() + patience;
  std::int64_t quiet_until = now_ns() + 50 * millisecond;
  while (now_ns() < quiet_until) {
    wait(ends, quiet_until);
    for (const int fd : {ends.gateway, ends.application}) {
      const Result<bool> forgot = forget_some(fd);
      if (!forgot) return std::unexpected(forgot.error());
      if (*forgot) quiet_until = now_ns() + 50 * millisecond;
    }
    if (now_ns() > deadline) return fail("the line did not fall quiet within 5 s");
  }
  return {};
}

}  // namespace pizwg::bench
