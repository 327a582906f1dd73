#include "core/lifecycle.h"

#include <algorithm>

namespace pizwg {
namespace {

using std::chrono::milliseconds;

// One event's way through the lifecycle: what is known is recorded first, in every state alike; then the
// state decides where to go. Where several states agree, the event has a function of its own.
class Transition {
 public:
  Transition(const LifecyclePolicy& policy, const Lifecycle& before, Event event, TimePoint now)
      : policy_(policy), before_(before), now_(now), event_(event), next_(before) {}

  Step made() {
    record();
    move();
    return finished();
  }

  Step begun(bool hub_is_on) {
    actions_.push_back(Action::set_veto);
    if (hub_is_on) {
      enter(State::proving);
    } else {
      go_dark(After::settling);
    }
    return finished();
  }

 private:
  using enum State;

  // What is true from now on, whatever the state makes of it.
  void record() {
    switch (event_) {
      case Event::identity_appeared:
        next_.identity = true;
        break;
      case Event::identity_vanished:
        next_.identity = false;
        break;
      case Event::became_master:
        next_.master = true;
        break;
      case Event::lost_master:
        next_.master = false;
        break;
      case Event::client_authenticated:
        next_.session = true;
        break;
      case Event::session_ended:
        next_.session = false;
        break;
      case Event::maintenance_began:
        next_.maintenance = true;
        break;
      case Event::maintenance_ended:
        next_.maintenance = false;
        break;
      case Event::hub_turned_on:
      case Event::hub_proven_off:
      case Event::hub_failed:
      case Event::gateway_seen:
      case Event::gateway_opened:
      case Event::gateway_lost:
      case Event::vip_held:
      case Event::vip_free:
      case Event::handover_ordered:
      case Event::proof_ordered:
      case Event::reboot_refused:
      case Event::stop_ordered:
      case Event::deadline_passed:
        break;
    }
  }

  void move() {
    if (event_ == Event::deadline_passed && now_ < before_.deadline) return;  // an older state's
    switch (before_.state) {
      case unprovisioned:
      case standby:
      case faulty:
      case maintenance:
        return dark();
      case proving:
        return while_proving();
      case darkening:
        return while_darkening();
      case taking_over:
      case waiting:
        return dark_master();
      case energising:
      case ready:
      case serving:
        return lit_master();
      case releasing:
        return while_releasing();
      case yielding:
        return while_yielding();
      case rebooting:
        return while_rebooting();
      case stopped:
        return;
    }
  }

  // --- dark, and not master: unprovisioned, standby, faulty, maintenance

  void dark() {
    if (event_ == Event::stop_ordered) return enter(stopped);
    if (event_ == Event::gateway_seen) return gateway_seen_in_the_dark();
    if (event_ == Event::proof_ordered && !must_not_serve()) return enter(proving);
    const bool waits_for_hub = before_.state != maintenance && next_.fault == Fault::hub_stuck;
    if (event_ == Event::deadline_passed && waits_for_hub) return go_dark(After::settling);
    if (before_.state == faulty && still_faulty()) return;
    if (before_.state == standby && event_ == Event::became_master) return enter(taking_over);
    if (!changes_what_we_are_for()) return;
    // The hub was the operator's to play with.
    if (before_.state == maintenance && !next_.maintenance) return go_dark(After::settling);
    if (settled() != before_.state) settle();
  }

  bool changes_what_we_are_for() const {
    return event_ == Event::identity_appeared || event_ == Event::identity_vanished ||
           event_ == Event::maintenance_began || event_ == Event::maintenance_ended;
  }

  // It should not have power. Somebody may have plugged it in elsewhere, or the hub does not do what it says,
  // or was not known yet: a slow machine's stick may come after the end of its proof. Then this is its proof,
  // as good as one in time. In maintenance it is the operator's.
  void gateway_seen_in_the_dark() {
    if (before_.state == maintenance) return;
    if (next_.fault == Fault::unproven || next_.fault == Fault::no_gateway) {
      next_.proven = true;
      next_.fault = Fault::none;
    }
    go_dark(After::settling);
  }

  // Whether the event was one of a faulty host's own. To prove the gateway while another host holds the VIP
  // would put it on the air beside that host's.
  bool still_faulty() {
    if (next_.fault == Fault::hub_stuck) return false;
    if (event_ == Event::deadline_passed) {
      next_.deadline = now_ + policy_.answer_limit;
      actions_.push_back(Action::ask_for_vip);
    } else if (event_ == Event::vip_held) {
      next_.deadline = now_ + policy_.first_retry;
    } else if (event_ == Event::vip_free) {
      enter(proving);
      actions_.push_back(Action::ask_for_vip);
    } else {
      return false;
    }
    return true;
  }

  // --- on the way between dark and lit, not master

  void while_proving() {
    if (event_ == Event::gateway_seen) {
      next_.proven = true;
      next_.fault = Fault::none;
      return go_dark(After::settling);
    }
    if (event_ == Event::deadline_passed) {
      failed(Fault::no_gateway);
      return go_dark(After::settling);
    }
    if (event_ == Event::stop_ordered) return go_dark(After::stopping);
    if (event_ == Event::identity_vanished || event_ == Event::maintenance_began) {
      return go_dark(After::settling);
    }
    // Asked only by a host that began because nobody held the VIP: it makes way for one that does now.
    if (event_ == Event::vip_held) return go_dark(After::settling);
    if (event_ == Event::vip_free) actions_.push_back(Action::ask_for_vip);
  }

  void while_darkening() {
    if (event_ == Event::stop_ordered) next_.after = After::stopping;
    if (event_ == Event::hub_proven_off) return hub_is_dark(), arrive();
    if (hub_is_out_of_control()) return hub_is_stuck(), arrive();
  }

  // It says so itself, or says nothing for longer than it may.
  bool hub_is_out_of_control() const {
    return event_ == Event::hub_failed || event_ == Event::deadline_passed;
  }

  // --- master

  void dark_master() {
    // Dark as far as we know. A hub that is known to be stuck is tried again before anybody else is master.
    const bool stuck = next_.fault == Fault::hub_stuck;
    if (event_ == Event::lost_master) return stuck ? go_dark(After::settling) : settle();
    if (event_ == Event::stop_ordered) return stuck ? release(After::stopping) : yield(After::stopping);
    if (event_ == Event::handover_ordered || must_not_serve()) {
      return stuck ? release(After::settling) : yield(After::settling);
    }
    if (before_.state == taking_over && event_ == Event::deadline_passed) {
      return enter(policy_.energise == Energise::client ? waiting : energising);
    }
    if (before_.state == waiting && event_ == Event::client_authenticated) return enter(energising);
    if (before_.state == waiting && event_ == Event::gateway_seen && !stuck) return release(After::waiting);
  }

  void lit_master() {
    if (event_ == Event::lost_master) {
      return go_dark(before_.session ? after_a_session() : After::settling);
    }
    if (event_ == Event::stop_ordered) return release(After::stopping);
    if (event_ == Event::handover_ordered || must_not_serve()) return release(After::settling);
    if (event_ == Event::gateway_lost && before_.state != energising) {
      return failed(Fault::gateway_lost), release(After::settling);
    }
    if (event_ == Event::session_ended && before_.session) return session_is_over();
    switch (before_.state) {
      case energising:
        return while_energising();
      case ready:
        if (event_ == Event::client_authenticated) enter(serving);
        return;
      case serving:
      case unprovisioned:
      case proving:
      case darkening:
      case standby:
      case taking_over:
      case waiting:
      case releasing:
      case yielding:
      case rebooting:
      case faulty:
      case maintenance:
      case stopped:
        return;
    }
  }

  bool must_not_serve() const { return next_.maintenance || !next_.identity; }

  void while_energising() {
    // A hub that is stuck has power; a failure to switch it on says nothing new.
    const bool no_power = event_ == Event::hub_failed && next_.fault != Fault::hub_stuck;
    if (event_ == Event::deadline_passed || no_power) {
      return failed(Fault::gateway_late), release(After::settling);
    }
    if (event_ != Event::gateway_opened) return;
    next_.failures = 0;
    next_.proven = true;
    if (next_.fault != Fault::hub_stuck) next_.fault = Fault::none;
    enter(next_.session ? serving : ready);
  }

  void session_is_over() {
    if (policy_.energise == Energise::client && policy_.after_session == AfterSession::keep) {
      return release(After::waiting);
    }
    if (policy_.after_session == AfterSession::keep) return enter(ready);
    release(after_a_session());
  }

  After after_a_session() const {
    const bool up_long_enough = now_ - policy_.booted_at >= policy_.least_uptime;
    switch (policy_.after_session) {
      case AfterSession::soft_reboot:
        return up_long_enough ? After::soft_reboot : After::settling;
      case AfterSession::reboot:
        return up_long_enough ? After::reboot : After::settling;
      case AfterSession::keep:
      case AfterSession::release:
        return After::settling;
    }
    return After::settling;
  }

  // --- master by no choice of ours any longer, or soon not at all

  void while_releasing() {
    if (event_ == Event::stop_ordered) next_.after = After::stopping;
    if (next_.after == After::waiting && (event_ == Event::handover_ordered || must_not_serve())) {
      next_.after = After::settling;
    }
    if (event_ == Event::lost_master) {
      return go_dark(next_.after == After::waiting ? After::settling : next_.after);
    }
    if (event_ == Event::hub_proven_off) {
      hub_is_dark();
      return next_.after == After::waiting ? enter(waiting) : yield(next_.after);
    }
    if (hub_is_out_of_control()) return hub_is_stuck(), release_has_failed();
  }

  // The VIP would move to another host whose gateway comes on the air beside ours. Who can serve goes on
  // serving instead, and shows the fault; who cannot has to leave the VIP to one who can.
  void release_has_failed() {
    if (next_.after == After::waiting) return enter(waiting);
    if (next_.after == After::stopping || must_not_serve() || !next_.proven) return yield(next_.after);
    enter(policy_.energise == Energise::client ? waiting : energising);
  }

  void while_yielding() {
    if (event_ == Event::stop_ordered) next_.after = After::stopping;
    // Not let go in time: there is no other host, or keepalived is ill. Then it is ours to serve again.
    if (event_ == Event::lost_master || event_ == Event::deadline_passed) arrive();
  }

  // --- rebooting

  void while_rebooting() {
    if (event_ == Event::stop_ordered) return enter(stopped);
    if (event_ != Event::deadline_passed && event_ != Event::reboot_refused) return;
    const bool up_long_enough = now_ - policy_.booted_at >= policy_.least_uptime;
    if (next_.after == After::soft_reboot && up_long_enough) {
      next_.after = After::reboot;
      return enter(rebooting);
    }
    settle();
  }

  // --- ways

  void go_dark(After after) {
    next_.after = after;
    enter(darkening);
  }

  void release(After after) {
    next_.after = after;
    enter(releasing);
  }

  void yield(After after) {
    next_.after = after;
    enter(yielding);
  }

  // The end of the way into the dark.
  void arrive() {
    switch (next_.after) {
      case After::stopping:
        return enter(stopped);
      case After::soft_reboot:
      case After::reboot:
        if (!must_not_serve() && next_.fault == Fault::none) return enter(rebooting);
        return settle();
      case After::settling:
      case After::waiting:
        return settle();
    }
  }

  // Dark and not wanted elsewhere: standby, if nothing is against it.
  void settle() {
    next_.after = After::settling;
    enter(settled());
  }

  State settled() const {
    if (next_.maintenance) return maintenance;
    if (!next_.identity) return unprovisioned;
    if (!next_.proven || next_.fault == Fault::hub_stuck) return faulty;
    // The election may have decided already, or not have let go.
    return next_.master ? taking_over : standby;
  }

  void failed(Fault fault) {
    next_.proven = false;
    next_.fault = fault;
    ++next_.failures;
  }

  void hub_is_dark() {
    if (next_.fault != Fault::hub_stuck) return;
    next_.fault = next_.proven ? Fault::none : Fault::unproven;
    next_.failures = 0;  // the hub's, and that is mended
  }

  void hub_is_stuck() {
    next_.fault = Fault::hub_stuck;
    ++next_.failures;
  }

  void enter(State state) {
    next_.state = state;
    next_.since = now_;
    next_.deadline = deadline_of(state);
    entered_ = true;
  }

  TimePoint deadline_of(State state) const {
    switch (state) {
      case proving:
      case energising:
        return now_ + policy_.gateway_limit;
      case taking_over:
        return now_ + policy_.hold_off;
      case yielding:
        return now_ + policy_.yield_limit;
      case rebooting:
        return now_ + policy_.reboot_limit;
      case darkening:
      case releasing:
        return now_ + policy_.hub_limit;
      case faulty:
        return now_ + back_off();
      case unprovisioned:
        return next_.fault == Fault::hub_stuck ? now_ + back_off() : TimePoint::max();
      case standby:
      case waiting:
      case ready:
      case serving:
      case maintenance:
      case stopped:
        return TimePoint::max();
    }
    return TimePoint::max();
  }

  milliseconds back_off() const {
    milliseconds retry = policy_.first_retry;
    for (unsigned i = 1; i < next_.failures && retry < policy_.last_retry; ++i) retry *= 2;
    return std::min(retry, policy_.last_retry);
  }

  // --- actions

  Step finished() {
    end_a_session_that_may_not_be();
    const Posture old = posture(policy_, before_.state);
    const Posture wanted = posture(policy_, next_.state);
    add_when(old.listening && !wanted.listening, Action::stop_listening);
    add_when(old.gateway_open && !wanted.gateway_open, Action::close_gateway);
    add_when(entered_ && wanted.hub == Posture::Hub::turning_off, Action::turn_hub_off);
    add_when(!old.veto && wanted.veto, Action::set_veto);
    add_when(old.veto && !wanted.veto, Action::clear_veto);
    add_when(!before_.proven && next_.proven, Action::remember_proof);
    add_when(before_.proven && !next_.proven, Action::forget_proof);
    if (entered_) add_entry_actions();
    add_when(!old.gateway_open && wanted.gateway_open, Action::open_gateway);
    add_when(!old.listening && wanted.listening, Action::start_listening);
    return {next_, std::move(actions_)};
  }

  void end_a_session_that_may_not_be() {
    const bool awaits_power = next_.state == energising && policy_.energise == Energise::client;
    if (!next_.session || next_.state == serving || awaits_power) return;
    next_.session = false;
    actions_.push_back(Action::end_session);
  }

  void add_entry_actions() {
    if (posture(policy_, next_.state).hub == Posture::Hub::on &&
        posture(policy_, before_.state).hub != Posture::Hub::on) {
      actions_.push_back(Action::turn_hub_on);
    }
    if (next_.state == rebooting) {
      actions_.push_back(next_.after == After::reboot ? Action::reboot : Action::soft_reboot);
    }
    if (next_.state == stopped) actions_.push_back(Action::end_daemon);
  }

  void add_when(bool condition, Action action) {
    if (condition) actions_.push_back(action);
  }

  const LifecyclePolicy& policy_;
  const Lifecycle& before_;
  const TimePoint now_;
  const Event event_;
  Lifecycle next_;
  bool entered_ = false;
  std::vector<Action> actions_;
};

}  // namespace

Step begin(const LifecyclePolicy& policy, const Beginning& found, TimePoint now) {
  using Memory = Beginning::Memory;
  Lifecycle beginning;
  beginning.state = State::faulty;  // vetoed, dark as far as we know, and nobody's business
  beginning.identity = found.identity;
  beginning.maintenance = found.maintenance;
  beginning.proven = found.memory == Memory::proven;
  beginning.fault = beginning.proven ? Fault::none : Fault::unproven;
  Step first = Transition(policy, beginning, Event::deadline_passed, now).begun(found.memory == Memory::none);
  if (found.memory == Memory::none) first.actions.push_back(Action::forget_proof);
  return first;
}

Step step(const LifecyclePolicy& policy, const Lifecycle& before, Event event, TimePoint now) {
  return Transition(policy, before, event, now).made();
}

}  // namespace pizwg
