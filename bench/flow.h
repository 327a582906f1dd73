#pragma once
// Streams at full rate: is every byte that was given away received, once and unaltered, also when a reader
// stalls; and how many bytes wait on the way while it does.

#include <cstdint>
#include <string>

#include "base/error.h"
#include "measures.h"
#include "stream.h"

namespace pizwg::bench {

struct Verdict {
  std::uint64_t sent = 0;
  std::uint64_t received = 0;
  Faults faults;

  // Something was sent, and all of it arrived, once and unaltered.
  bool intact() const;
  // {"sent": …, "received": …, "lost": …, "corrupt": …, "extra": …}
  std::string json() const;
};

// One direction: a writer and its judge.
class Flow {
 public:
  Flow(int from, int to, std::uint64_t seed) : from_(from), to_(to), stream_(seed), judge_(Stream(seed)) {}

  int from() const { return from_; }
  int to() const { return to_; }
  Result<void> write();
  Result<void> read();
  std::uint64_t on_the_way() const { return sent_ - received_; }
  std::uint64_t received() const { return received_; }

  // Once, at the end.
  Verdict verdict() { return {sent_, received_, judge_.conclude(sent_)}; }

 private:
  int from_;
  int to_;
  Stream stream_;
  StreamJudge judge_;
  std::uint64_t sent_ = 0;
  std::uint64_t received_ = 0;
};

struct StressVerdict {
  Verdict to_application;
  Verdict to_gateway;

  bool intact() const { return to_application.intact() && to_gateway.intact(); }
  // {"to_application": verdict, "to_gateway": verdict}
  std::string json() const;
};

// Both ways for `seconds`; each reader stalls one second in six, in turn. Then reads what is on the way.
Result<StressVerdict> stress(const Ends& ends, int seconds);

// The gateway floods for two seconds, so that every buffer grows to what it may become, and the application
// reads; then it stops reading for `seconds`. The flow is left as it stands, for drain().
Result<void> stall(Flow& flow, int seconds);

// Reads what is on the way, until nothing came for half a second; within 60 s.
Result<void> drain(Flow& flow);

}  // namespace pizwg::bench
