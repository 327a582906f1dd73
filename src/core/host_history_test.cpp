#include "core/host_history.h"

#include <gtest/gtest.h>

namespace pizwg {
namespace {

using std::chrono::milliseconds;

// The real lifecycle, driven through events, with its history kept.
class HostHistoryTest : public testing::Test {
 protected:
  HostHistoryTest() {
    lifecycle_ = begin(policy_, {.identity = true}, now_.steady).next;
    happens({Event::hub_turned_on, Event::gateway_seen, Event::hub_proven_off});
  }

  void happens(std::initializer_list<Event> events) {
    for (const Event event : events) {
      now_.steady += milliseconds(1000);
      now_.wall += milliseconds(1000);
      const Lifecycle before = lifecycle_;
      lifecycle_ = step(policy_, before, event, now_.steady).next;
      history_.stepped(before, event, lifecycle_, now_);
    }
  }

  LifecyclePolicy policy_;
  Lifecycle lifecycle_;
  Now now_{.steady = TimePoint(milliseconds(1'000'000)), .wall = WallTime(milliseconds(1'700'000'000'000))};
  HostRecord record_;
  HostHistory history_{record_};
};

TEST_F(HostHistoryTest, AProofIsRemembered) {
  ASSERT_EQ(lifecycle_.state, State::standby);
  ASSERT_TRUE(record_.gateway_proven);
  EXPECT_EQ(record_.gateway_proven->told(now_), now_.wall - milliseconds(1000));
  EXPECT_FALSE(record_.role_change);
  EXPECT_EQ(record_.role, RoleCounts{});
}

TEST_F(HostHistoryTest, AFailoverTakesUntilTheHostCanServe) {
  happens({Event::became_master, Event::deadline_passed, Event::hub_turned_on, Event::gateway_opened});
  ASSERT_EQ(lifecycle_.state, State::ready);
  ASSERT_TRUE(record_.failover);
  EXPECT_EQ(record_.failover->took, milliseconds(3000));
  EXPECT_EQ(record_.role.failovers, 1U);
  EXPECT_TRUE(record_.role_change->master);
  // It counts once, however many clients it serves.
  happens({Event::client_authenticated});
  EXPECT_EQ(record_.role.failovers, 1U);
}

TEST_F(HostHistoryTest, AMasterThatNeverGotReadyIsNoFailover) {
  happens({Event::became_master, Event::lost_master});
  EXPECT_EQ(record_.role.became_master, 1U);
  EXPECT_EQ(record_.role.lost_master, 1U);
  EXPECT_EQ(record_.role.failovers, 0U);
  EXPECT_EQ(record_.role_change->reason, Event::lost_master);
}

TEST_F(HostHistoryTest, WhoGivesUpByChoiceSaysWhy) {
  happens({Event::became_master, Event::deadline_passed, Event::hub_turned_on, Event::gateway_opened,
           Event::handover_ordered, Event::hub_proven_off, Event::lost_master});
  ASSERT_TRUE(record_.role_change);
  EXPECT_FALSE(record_.role_change->master);
  EXPECT_EQ(record_.role_change->reason, Event::handover_ordered);
}

TEST_F(HostHistoryTest, AHubThatDoesNotSwitchIsCounted) {
  happens({Event::became_master, Event::deadline_passed, Event::hub_failed});
  EXPECT_EQ(record_.role.hub_failures, 1U);
}

}  // namespace
}  // namespace pizwg
