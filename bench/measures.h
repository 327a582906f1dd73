#pragma once
// The stop-watch: frames that go from the application's line to the gateway's and back, one at a time. Both
// ends are in this process, so one clock sees everything. A frame that is late (5 s), short or altered ends
// the measurement.

#include "base/error.h"
#include "gateway.h"
#include "samples.h"

namespace pizwg::bench {

struct Ends {
  int gateway;      // the master of the gateway's pty
  int application;  // the application's open line
};

// A frame out, and the same frame back: what the gateway reads it says at once.
Result<Samples> round_trips(const Ends& ends, int count);

// A frame out, ACK and response back, ACK out: until the gateway has the last ACK. `gap_ns` after the last
// one.
Result<Samples> exchanges(const Ends& ends, int count, std::int64_t gap_ns, Pace pace);

// Reads and forgets what is still on the way, until nothing came for 50 ms; within 5 s.
Result<void> settle(const Ends& ends);

}  // namespace pizwg::bench
