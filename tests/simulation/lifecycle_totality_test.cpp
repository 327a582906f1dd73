// Every state, every event, every policy, everything that may be known: what holds for all of them.

#include <algorithm>
#include <gtest/gtest.h>

#include "core/lifecycle.h"
#include "simulation/coverage.h"
#include "simulation/lifecycle_variants.h"

namespace pizwg::simulation {
namespace {

using Hub = Posture::Hub;

const TimePoint now = TimePoint{} + std::chrono::hours(1000);

std::string describe(const Variant& from, Event event, const Step& made) {
  std::string text(word_for(from.lifecycle.state));
  text += std::string(" -- ") + std::string(word_for(event)) + " -> " +
          std::string(word_for(made.next.state)) + ":";
  for (const Action action : made.actions) text += " " + std::string(word_for(action));
  return text;
}

template <typename Check>
void for_all_steps(Check check) {
  for (std::size_t s = 0; s < state_count; ++s) {
    for (const Variant& from : variants_of(static_cast<State>(s), now)) {
      for (std::size_t e = 0; e < event_count; ++e) {
        const auto event = static_cast<Event>(e);
        const Step made = taken(from, event, now);
        check(from, event, made);
        if (testing::Test::HasFailure()) FAIL() << describe(from, event, made);
      }
    }
  }
}

bool has(const Step& made, Action action) {
  return std::ranges::find(made.actions, action) != made.actions.end();
}

bool before(const Step& made, Action first, Action second) {
  return std::ranges::find(made.actions, first) <= std::ranges::find(made.actions, second);
}

TEST(LifecycleTotality, EveryStateHasLifecycles) {
  for (std::size_t s = 0; s < state_count; ++s)
    EXPECT_FALSE(variants_of(static_cast<State>(s), now).empty()) << s;
}

TEST(LifecycleTotality, WhatIsAlwaysTrueStaysTrue) {
  for_all_steps(
      [](const Variant& from, Event, const Step& made) { EXPECT_TRUE(consistent(from.policy, made.next)); });
}

TEST(LifecycleTotality, WhoHasLeftAWaitWithADeadlineHasAnother) {
  for_all_steps([](const Variant&, Event, const Step& made) {
    switch (made.next.state) {
      case State::proving:
      case State::darkening:
      case State::taking_over:
      case State::energising:
      case State::releasing:
      case State::yielding:
      case State::rebooting:
      case State::faulty:
        EXPECT_LT(made.next.deadline, TimePoint::max());
        return;
      case State::unprovisioned:
      case State::standby:
      case State::waiting:
      case State::ready:
      case State::serving:
      case State::maintenance:
      case State::stopped:
        return;
    }
  });
}

TEST(LifecycleTotality, ADeadlineIsNotDueTwice) {
  for_all_steps([](const Variant& from, Event event, const Step& made) {
    if (event == Event::deadline_passed && from.lifecycle.state != State::stopped) {
      const bool waits_for_something_else = made.next == from.lifecycle;
      EXPECT_TRUE(made.next.deadline > now || waits_for_something_else);
    }
  });
}

TEST(LifecycleTotality, ActionsBringAboutThePostureAndNothingElse) {
  for_all_steps([](const Variant& from, Event, const Step& made) {
    const Posture old = posture(from.policy, from.lifecycle.state);
    const Posture wanted = posture(from.policy, made.next.state);
    EXPECT_EQ(has(made, Action::open_gateway), !old.gateway_open && wanted.gateway_open);
    EXPECT_EQ(has(made, Action::close_gateway), old.gateway_open && !wanted.gateway_open);
    EXPECT_EQ(has(made, Action::start_listening), !old.listening && wanted.listening);
    EXPECT_EQ(has(made, Action::stop_listening), old.listening && !wanted.listening);
    EXPECT_EQ(has(made, Action::set_veto), !old.veto && wanted.veto);
    EXPECT_EQ(has(made, Action::clear_veto), old.veto && !wanted.veto);
    EXPECT_EQ(has(made, Action::turn_hub_on), old.hub != Hub::on && wanted.hub == Hub::on);
    if (old.hub == Hub::on && wanted.hub != Hub::on) {
      EXPECT_TRUE(has(made, Action::turn_hub_off));
    }
    EXPECT_FALSE(has(made, Action::turn_hub_on) && has(made, Action::turn_hub_off));
  });
}

TEST(LifecycleTotality, EveryWayOutOfTheLightGoesThroughTheDark) {
  for_all_steps([](const Variant& from, Event, const Step& made) {
    const auto old = posture(from.policy, from.lifecycle.state).hub;
    const auto wanted = posture(from.policy, made.next.state).hub;
    if (old == Hub::on) {
      EXPECT_NE(wanted, Hub::off);
    }
  });
}

TEST(LifecycleTotality, ThePortIsClosedBeforeThePowerGoes) {
  for_all_steps([](const Variant&, Event, const Step& made) {
    if (!has(made, Action::turn_hub_off)) return;
    if (has(made, Action::close_gateway)) {
      EXPECT_TRUE(before(made, Action::close_gateway, Action::turn_hub_off));
    }
  });
}

TEST(LifecycleTotality, TheVetoLetsTheVipGoOnlyAfterThePower) {
  for_all_steps([](const Variant& from, Event, const Step& made) {
    const bool lit = posture(from.policy, from.lifecycle.state).hub == Hub::on;
    if (lit && made.next.master) {
      EXPECT_FALSE(has(made, Action::set_veto));
    }
    if (has(made, Action::turn_hub_off) && has(made, Action::set_veto)) {
      EXPECT_TRUE(before(made, Action::turn_hub_off, Action::set_veto));
    }
  });
}

TEST(LifecycleTotality, OnlyTheMasterAndWhoProvesHasPower) {
  for_all_steps([](const Variant& from, Event, const Step& made) {
    if (posture(from.policy, made.next.state).hub != Hub::on) return;
    EXPECT_TRUE(made.next.master || made.next.state == State::proving);
  });
}

TEST(LifecycleTotality, AStopOrderEndsInStopped) {
  for (std::size_t s = 0; s < state_count; ++s) {
    for (const Variant& from : variants_of(static_cast<State>(s), now)) {
      Lifecycle lifecycle = taken(from, Event::stop_ordered, now).next;
      // Nothing else happens than that waits are over.
      for (int waits = 0; waits < 4 && lifecycle.state != State::stopped; ++waits) {
        lifecycle = step(from.policy, lifecycle, Event::deadline_passed, lifecycle.deadline).next;
      }
      ASSERT_EQ(lifecycle.state, State::stopped) << describe(from, Event::stop_ordered, {lifecycle, {}});
    }
  }
}

TEST(LifecycleTotality, NobodyRestartsAMachineThatHasJustComeUp) {
  for_all_steps([](const Variant& from, Event, const Step& made) {
    const bool young = now - from.policy.booted_at < from.policy.least_uptime;
    const bool decided_before =
        from.lifecycle.after == After::soft_reboot || from.lifecycle.after == After::reboot;
    if (young && !decided_before) {
      EXPECT_FALSE(has(made, Action::reboot) || has(made, Action::soft_reboot));
    }
  });
}

TEST(LifecycleTotality, AStaleDeadlineMeansNothing) {
  for (std::size_t s = 0; s < state_count; ++s) {
    for (const Variant& from : variants_of(static_cast<State>(s), now)) {
      const Step made = taken(from, Event::deadline_passed, now - std::chrono::milliseconds(1));
      ASSERT_EQ(made.next, from.lifecycle) << describe(from, Event::deadline_passed, made);
      ASSERT_TRUE(made.actions.empty()) << describe(from, Event::deadline_passed, made);
    }
  }
}

}  // namespace
}  // namespace pizwg::simulation
