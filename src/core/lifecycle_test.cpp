#include "core/lifecycle.h"

#include <algorithm>
#include <gtest/gtest.h>
#include <initializer_list>

namespace pizwg {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using Memory = Beginning::Memory;

// A host and what happens to it; `now` moves only when told to.
struct Life {
  LifecyclePolicy policy;
  TimePoint now = TimePoint{} + std::chrono::hours(1);
  Lifecycle lifecycle;
  std::vector<Action> actions;  // of the last step

  void take(Step made) {
    lifecycle = made.next;
    actions = std::move(made.actions);
  }
  Life& begins(Memory memory, bool identity = true, bool maintenance = false) {
    take(begin(policy, {.memory = memory, .identity = identity, .maintenance = maintenance}, now));
    return *this;
  }
  Life& on(std::initializer_list<Event> events) {
    for (const Event event : events) take(step(policy, lifecycle, event, now));
    return *this;
  }
  Life& deadline() {
    now = lifecycle.deadline;
    return on({Event::deadline_passed});
  }
  bool does(Action action) const { return std::ranges::find(actions, action) != actions.end(); }
  State state() const { return lifecycle.state; }
};

Life standby(LifecyclePolicy policy = {}) {
  Life life{.policy = policy, .lifecycle = {}, .actions = {}};
  return life.begins(Memory::none).on({Event::gateway_seen, Event::hub_proven_off});
}

Life ready(LifecyclePolicy policy = {}) {
  return standby(policy).on({Event::became_master}).deadline().on({Event::gateway_opened});
}

Life serving(LifecyclePolicy policy = {}) {
  return ready(policy).on({Event::client_authenticated});
}

Life waiting(LifecyclePolicy policy = {}) {
  policy.energise = Energise::client;
  return standby(policy).on({Event::became_master}).deadline();
}

Life faulty() {
  Life life = serving().on({Event::gateway_lost, Event::hub_proven_off, Event::lost_master});
  EXPECT_EQ(life.state(), State::faulty);
  return life;
}

using Actions = std::vector<Action>;

// --- the beginning

TEST(Lifecycle, AtBootTheGatewayIsProvenBecauseTheHubHasPowerAnyway) {
  Life life;
  life.begins(Memory::none);
  EXPECT_EQ(life.state(), State::proving);
  EXPECT_EQ(life.actions, (Actions{Action::set_veto, Action::turn_hub_on, Action::forget_proof}));
}

TEST(Lifecycle, AProvenHostIsFitWhenItIsProvenDark) {
  Life life;
  life.begins(Memory::none).on({Event::gateway_seen});
  EXPECT_EQ(life.actions, (Actions{Action::turn_hub_off, Action::remember_proof}));
  life.on({Event::hub_proven_off});
  EXPECT_EQ(life.state(), State::standby);
  EXPECT_EQ(life.actions, Actions{Action::clear_veto});
}

TEST(Lifecycle, WithoutAGatewayItIsFaultyAndVetoed) {
  Life life;
  life.begins(Memory::none).deadline().on({Event::hub_proven_off});
  EXPECT_EQ(life.state(), State::faulty);
  EXPECT_EQ(life.lifecycle.fault, Fault::no_gateway);
  EXPECT_TRUE(posture(life.policy, life.state()).veto);
}

TEST(Lifecycle, ADaemonThatStartsAnewKeepsTheHubDarkAndRemembersTheProof) {
  Life life;
  life.begins(Memory::proven);
  EXPECT_EQ(life.actions, (Actions{Action::set_veto, Action::turn_hub_off}));
  EXPECT_EQ(life.on({Event::hub_proven_off}).state(), State::standby);
}

TEST(Lifecycle, ADaemonThatStartsAnewWithoutAProofAsksBeforeItProves) {
  Life life;
  life.begins(Memory::unproven).on({Event::hub_proven_off});
  EXPECT_EQ(life.state(), State::faulty);
  EXPECT_EQ(life.deadline().actions, Actions{Action::ask_for_vip});
}

TEST(Lifecycle, WithoutAnIdentityItIsUnprovisionedUntilOneAppears) {
  Life life;
  life.begins(Memory::proven, false).on({Event::hub_proven_off});
  EXPECT_EQ(life.state(), State::unprovisioned);
  EXPECT_EQ(life.on({Event::identity_appeared}).state(), State::standby);
}

TEST(Lifecycle, MaintenanceLastsOverADaemonsRestart) {
  Life life;
  EXPECT_EQ(life.begins(Memory::proven, true, true).on({Event::hub_proven_off}).state(), State::maintenance);
}

// --- master

TEST(Lifecycle, ANewMasterHoldsOffForTheFormerOne) {
  Life life = standby().on({Event::became_master});
  EXPECT_EQ(life.state(), State::taking_over);
  EXPECT_TRUE(life.actions.empty());
  EXPECT_EQ(life.lifecycle.deadline, life.now + life.policy.hold_off);
  life.deadline();
  EXPECT_EQ(life.actions, (Actions{Action::turn_hub_on, Action::open_gateway}));
}

TEST(Lifecycle, ItListensOnlyWhenTheGatewayIsOpen) {
  EXPECT_EQ(ready().actions, Actions{Action::start_listening});
}

TEST(Lifecycle, AGatewayThatIsLateLeavesTheVipToAnotherHost) {
  Life life = standby().on({Event::became_master}).deadline().deadline();
  EXPECT_EQ(life.state(), State::releasing);
  EXPECT_EQ(life.lifecycle.fault, Fault::gateway_late);
  EXPECT_EQ(life.on({Event::hub_proven_off}).actions, Actions{Action::set_veto});
  EXPECT_EQ(life.on({Event::lost_master}).state(), State::faulty);
}

TEST(Lifecycle, AHubThatGivesNoPowerDoesNotWaitForTheGatewaysLimit) {
  Life life = standby().on({Event::became_master}).deadline().on({Event::hub_failed});
  EXPECT_EQ(life.state(), State::releasing);
}

TEST(Lifecycle, ARoleThatIsLostTakesThePowerWithItAtOnce) {
  Life life = serving().on({Event::lost_master});
  EXPECT_EQ(life.state(), State::darkening);
  EXPECT_EQ(life.actions, (Actions{Action::end_session, Action::stop_listening, Action::close_gateway,
                                   Action::turn_hub_off, Action::set_veto}));
}

TEST(Lifecycle, ByChoiceThePowerGoesBeforeTheVip) {
  Life life = serving().on({Event::handover_ordered});
  EXPECT_EQ(life.state(), State::releasing);
  EXPECT_FALSE(life.does(Action::set_veto));
  life.on({Event::hub_proven_off});
  EXPECT_EQ(life.state(), State::yielding);
  EXPECT_EQ(life.actions, Actions{Action::set_veto});
  EXPECT_EQ(life.on({Event::lost_master}).state(), State::standby);
}

TEST(Lifecycle, AVipThatNobodyTakesIsServedAgain) {
  Life life = serving().on({Event::handover_ordered, Event::hub_proven_off}).deadline();
  EXPECT_EQ(life.state(), State::taking_over);
  EXPECT_EQ(life.actions, Actions{Action::clear_veto});
}

// --- after a session

LifecyclePolicy after(AfterSession after_session, seconds uptime = seconds(3600)) {
  LifecyclePolicy policy{.after_session = after_session};
  policy.booted_at = Life().now - uptime;
  return policy;
}

State rests_in(LifecyclePolicy policy) {
  return serving(policy).on({Event::session_ended, Event::hub_proven_off, Event::lost_master}).state();
}

TEST(Lifecycle, KeepServesTheNextClient) {
  EXPECT_EQ(serving(after(AfterSession::keep)).on({Event::session_ended}).state(), State::ready);
}

TEST(Lifecycle, ReleaseGoesToStandby) {
  EXPECT_EQ(rests_in(after(AfterSession::release)), State::standby);
}

TEST(Lifecycle, RebootsComeWhenTheHubIsDarkAndTheVipGone) {
  EXPECT_EQ(rests_in(after(AfterSession::soft_reboot)), State::rebooting);
  EXPECT_EQ(rests_in(after(AfterSession::reboot)), State::rebooting);
}

TEST(Lifecycle, AHostThatHasJustComeUpReleasesInsteadOfRebooting) {
  EXPECT_EQ(rests_in(after(AfterSession::reboot, seconds(100))), State::standby);
  EXPECT_EQ(rests_in(after(AfterSession::soft_reboot, seconds(100))), State::standby);
}

TEST(Lifecycle, ASoftRebootThatDoesNotHappenBecomesAReboot) {
  Life life = serving(after(AfterSession::soft_reboot))
                  .on({Event::session_ended, Event::hub_proven_off, Event::lost_master});
  EXPECT_TRUE(life.does(Action::soft_reboot));
  EXPECT_TRUE(life.on({Event::reboot_refused}).does(Action::reboot));
  EXPECT_EQ(life.deadline().state(), State::standby);
}

TEST(Lifecycle, SessionsThatWereNoneHaveNoEnd) {
  EXPECT_EQ(ready().on({Event::session_ended}).state(), State::ready);
}

// --- power for a client only

TEST(Lifecycle, WithEnergiseClientThePowerComesWithTheClient) {
  Life life = waiting();
  EXPECT_EQ(life.state(), State::waiting);
  EXPECT_EQ(life.actions, Actions{Action::start_listening});
  EXPECT_EQ(life.on({Event::client_authenticated}).actions,
            (Actions{Action::turn_hub_on, Action::open_gateway}));
  EXPECT_EQ(life.on({Event::gateway_opened}).state(), State::serving);
}

TEST(Lifecycle, WithEnergiseClientAndKeepItGoesDarkAndWaits) {
  Life life = waiting(after(AfterSession::keep)).on({Event::client_authenticated, Event::gateway_opened});
  life.on({Event::session_ended});
  EXPECT_EQ(life.state(), State::releasing);
  EXPECT_EQ(life.on({Event::hub_proven_off}).state(), State::waiting);
}

TEST(Lifecycle, WithEnergiseClientAStuckHubDoesNotEndInPowerWithoutAClient) {
  Life life = waiting(after(AfterSession::release)).on({Event::client_authenticated, Event::gateway_opened});
  EXPECT_EQ(life.on({Event::session_ended, Event::hub_failed}).state(), State::waiting);
  EXPECT_EQ(life.on({Event::gateway_seen}).state(), State::waiting);
  EXPECT_TRUE(life.on({Event::lost_master}).does(Action::turn_hub_off));
}

// --- a hub that does not obey

TEST(Lifecycle, WhoCanServeServesOnRatherThanPutTwoOnTheAir) {
  Life life = serving().on({Event::session_ended, Event::hub_failed});
  EXPECT_EQ(life.state(), State::energising);
  EXPECT_EQ(life.on({Event::gateway_opened}).state(), State::ready);
  EXPECT_EQ(life.lifecycle.fault, Fault::hub_stuck);
}

TEST(Lifecycle, AHubThatSaysNothingHasFailed) {
  EXPECT_EQ(serving().on({Event::session_ended}).deadline().lifecycle.fault, Fault::hub_stuck);
  EXPECT_EQ(serving().on({Event::lost_master}).deadline().lifecycle.fault, Fault::hub_stuck);
}

TEST(Lifecycle, AStuckHubIsTriedAgainAndThenForgiven) {
  Life life = serving().on({Event::lost_master, Event::hub_failed});
  EXPECT_EQ(life.state(), State::faulty);
  EXPECT_TRUE(life.deadline().does(Action::turn_hub_off));
  life.on({Event::hub_proven_off});
  EXPECT_EQ(life.state(), State::standby);
  EXPECT_EQ(life.lifecycle.fault, Fault::none);
}

TEST(Lifecycle, AStuckHubIsTriedAgainWithoutAnIdentity) {
  Life life;
  life.begins(Memory::proven, false).on({Event::hub_failed});
  EXPECT_EQ(life.state(), State::unprovisioned);
  EXPECT_TRUE(life.deadline().does(Action::turn_hub_off));
}

TEST(Lifecycle, AGatewayThatAppearsInTheDarkIsAFault) {
  Life life = standby().on({Event::gateway_seen});
  EXPECT_EQ(life.actions, (Actions{Action::turn_hub_off, Action::set_veto}));
  EXPECT_EQ(life.on({Event::hub_failed}).lifecycle.fault, Fault::hub_stuck);
}

// A slow machine's kernel finds the stick, and with it the hub, after the end of the proof.
TEST(Lifecycle, AGatewayThatIsFirstSeenAfterTheEndOfItsProofIsProvenByThat) {
  for (const bool identity : {true, false}) {
    Life life;
    life.begins(Memory::none, identity).deadline().on({Event::hub_proven_off});
    EXPECT_EQ(life.state(), identity ? State::faulty : State::unprovisioned);
    life.on({Event::gateway_seen});
    EXPECT_EQ(life.actions, (Actions{Action::turn_hub_off, Action::remember_proof}));
    life.on({Event::hub_proven_off, Event::identity_appeared});
    EXPECT_EQ(life.state(), State::standby);
    EXPECT_EQ(life.lifecycle.fault, Fault::none);
  }
}

TEST(Lifecycle, AGatewayThatWasLostIsNotProvenByBeingSeenAgain) {
  Life life = faulty().on({Event::gateway_seen, Event::hub_proven_off});
  EXPECT_EQ(life.state(), State::faulty);
  EXPECT_EQ(life.lifecycle.fault, Fault::gateway_lost);
}

// --- faulty

TEST(Lifecycle, AFaultyHostDoesNotProveItsGatewayBesideAMasters) {
  Life life = faulty();
  life.deadline().on({Event::vip_held});
  EXPECT_EQ(life.state(), State::faulty);
  EXPECT_EQ(life.lifecycle.deadline, life.now + life.policy.first_retry);
  EXPECT_EQ(life.deadline().on({Event::vip_free}).state(), State::proving);
}

TEST(Lifecycle, ItMakesWayForOneThatIsElectedMeanwhile) {
  Life life = faulty();
  life.deadline().on({Event::vip_free});
  EXPECT_TRUE(life.does(Action::ask_for_vip));
  EXPECT_TRUE(life.on({Event::vip_free}).does(Action::ask_for_vip));
  EXPECT_EQ(life.on({Event::vip_held}).state(), State::darkening);
}

TEST(Lifecycle, NobodyAnswersAndItAsksAgain) {
  Life life = faulty();
  life.deadline();
  EXPECT_TRUE(life.deadline().does(Action::ask_for_vip));
}

TEST(Lifecycle, AnOrderedProofAsksNobody) {
  Life life = faulty().on({Event::proof_ordered});
  EXPECT_EQ(life.state(), State::proving);
  EXPECT_EQ(life.actions, Actions{Action::turn_hub_on});
}

TEST(Lifecycle, ProofsThatFailComeLessAndLessOften) {
  Life life;
  life.begins(Memory::none);
  milliseconds last{};
  for (int i = 0; i < 8; ++i) {
    life.deadline().on({Event::hub_proven_off});
    const auto wait = std::chrono::duration_cast<milliseconds>(life.lifecycle.deadline - life.now);
    EXPECT_GE(wait, last);
    EXPECT_LE(wait, life.policy.last_retry);
    last = wait;
    life.deadline().on({Event::vip_free});
  }
  EXPECT_EQ(last, life.policy.last_retry);
}

TEST(Lifecycle, AMendedHubLeavesNoLongBackOffBehind) {
  Life life;
  life.begins(Memory::none).deadline();
  for (int i = 0; i < 6; ++i) life.on({Event::hub_failed}).deadline();
  life.on({Event::hub_proven_off});
  EXPECT_EQ(life.lifecycle.fault, Fault::unproven);
  EXPECT_EQ(life.lifecycle.deadline, life.now + life.policy.first_retry);
}

// --- orders

TEST(Lifecycle, MaintenanceTakesAMasterOutWithoutASecondGateway) {
  Life life = serving().on({Event::maintenance_began, Event::hub_proven_off, Event::lost_master});
  EXPECT_EQ(life.state(), State::maintenance);
}

TEST(Lifecycle, InMaintenanceTheGatewayIsTheOperators) {
  Life life = standby().on({Event::maintenance_began, Event::gateway_seen});
  EXPECT_EQ(life.state(), State::maintenance);
  EXPECT_TRUE(life.on({Event::maintenance_ended}).does(Action::turn_hub_off));
  EXPECT_EQ(life.on({Event::hub_proven_off}).state(), State::standby);
}

TEST(Lifecycle, AStopWaitsForTheDarkAndTheVip) {
  Life life = serving().on({Event::stop_ordered});
  EXPECT_FALSE(life.does(Action::end_daemon));
  EXPECT_FALSE(life.on({Event::hub_proven_off}).does(Action::end_daemon));
  EXPECT_TRUE(life.on({Event::lost_master}).does(Action::end_daemon));
}

TEST(Lifecycle, AStopDoesNotWaitForAHubForEver) {
  Life life = serving().on({Event::stop_ordered}).deadline();
  EXPECT_EQ(life.state(), State::yielding);
  EXPECT_TRUE(life.deadline().does(Action::end_daemon));
}

TEST(Lifecycle, AnIdentityThatVanishesEndsTheService) {
  Life life = serving().on({Event::identity_vanished, Event::hub_proven_off, Event::lost_master});
  EXPECT_EQ(life.state(), State::unprovisioned);
}

TEST(Lifecycle, ASessionEndsForAReason) {
  EXPECT_EQ(session_end_by(Event::lost_master), SessionEnd::role_lost);
  EXPECT_EQ(session_end_by(Event::handover_ordered), SessionEnd::handover);
  EXPECT_EQ(session_end_by(Event::deadline_passed), SessionEnd::gateway_lost);
}

// --- what comes late, or twice

TEST(Lifecycle, ADeadlineOfAnEarlierStateMeansNothing) {
  Life life = standby().on({Event::became_master, Event::deadline_passed});
  EXPECT_EQ(life.state(), State::taking_over);
}

TEST(Lifecycle, AClientThatAuthenticatedTooLateIsSentAway) {
  Life life = serving().on({Event::session_ended});
  EXPECT_EQ(life.state(), State::releasing);
  EXPECT_EQ(life.on({Event::client_authenticated}).actions, Actions{Action::end_session});
}

TEST(Lifecycle, AMasterElectedWhileItGoesDarkTakesOverWhenItIsDark) {
  Life life = serving().on({Event::lost_master, Event::became_master});
  EXPECT_EQ(life.state(), State::darkening);
  EXPECT_EQ(life.on({Event::hub_proven_off}).state(), State::taking_over);
}

TEST(Lifecycle, ANewIdentityDoesNotPutOffAFaultyHostsRetry) {
  Life life = faulty();
  const TimePoint due = life.lifecycle.deadline;
  life.now += milliseconds(100);
  EXPECT_EQ(life.on({Event::identity_appeared}).lifecycle.deadline, due);
}

}  // namespace
}  // namespace pizwg
