#include "core/host_record.h"

#include <gtest/gtest.h>

namespace pizwg {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;

constexpr TimePoint boot_clock{milliseconds(50'000)};
const WallTime noon{milliseconds(1'700'000'000'123)};

HostRecord full_record() {
  HostRecord record;
  record.sessions.started = 7;
  record.sessions.ended[SessionEnd::client_vanished] = 3;
  record.sessions.refused[Refusal::certificate_unknown] = 9;
  record.sessions.from_client = {.bytes = 10, .records = 2};
  record.sessions.to_client = {.bytes = 20, .records = 4};
  record.sessions.dropped_bytes = 1;
  record.gateway = {.hang_ups = 5, .returns = 4, .open_failures = 2};
  record.gateway.line_errors.emplace()[LineError::overrun] = 8;
  record.role = {.became_master = 6, .lost_master = 5, .failovers = 4, .hub_failures = 1};
  const Moment at{.steady = boot_clock, .wall = noon};
  record.gateway_proven = at;
  record.served = at;
  record.failover = Failover{.at = at, .took = milliseconds(1321)};
  record.role_change = RoleChange{.at = at, .master = false, .reason = Event::handover_ordered};
  return record;
}

TEST(HostRecord, SurvivesTheDaemon) {
  const HostRecord record = full_record();
  EXPECT_EQ(parse_record(format_record(record, "boot-a"), "boot-a"), record);
  EXPECT_EQ(parse_record(format_record({}, "boot-a"), "boot-a"), HostRecord{});
}

TEST(HostRecord, OfAnotherBootKeepsTheTimeOfDayOnly) {
  const HostRecord read = parse_record(format_record(full_record(), "boot-a"), "boot-b");
  ASSERT_TRUE(read.served);
  EXPECT_FALSE(read.served->steady);
  EXPECT_EQ(read.served->wall, noon);
  EXPECT_EQ(read.sessions.started, 7U);
}

// The clock was not set when it happened, and is an hour later.
TEST(HostRecord, AMomentOfThisBootFollowsTheClock) {
  const Moment moment{.steady = boot_clock, .wall = noon};
  const Now now{.steady = boot_clock + milliseconds(10), .wall = noon + hours(1)};
  EXPECT_EQ(moment.told(now), noon + hours(1) - milliseconds(10));
  EXPECT_EQ((Moment{.wall = noon}.told(now)), noon);
}

TEST(HostRecord, ReadsWhatIsWholeOfADamagedOne) {
  const HostRecord read = parse_record(
      "boot a\nsessions_started 12x\ngateway_hang_ups 3\nserved\nfailover 1 2\nrole_change 1 2 master none\n"
      "garbage\n\n\xff\n",
      "a");
  EXPECT_EQ(read.sessions.started, 0U);
  EXPECT_EQ(read.gateway.hang_ups, 3U);
  EXPECT_FALSE(read.served);
  EXPECT_FALSE(read.failover);
  EXPECT_FALSE(read.role_change);
}

}  // namespace
}  // namespace pizwg
