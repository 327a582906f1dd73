#include "simulation/mutation.h"

#include <algorithm>

namespace pizwg::simulation {
namespace {

void add(Step& made, Action action) {
  made.actions.push_back(action);
}

void leave_out(Step& made, Action action) {
  std::erase(made.actions, action);
}

bool enters(const Lifecycle& before, const Step& made, State state) {
  return made.next.state == state && before.state != state;
}

}  // namespace

std::string_view word_for(Mutation mutation) {
  switch (mutation) {
    case Mutation::none:
      return "none";
    case Mutation::veto_before_dark:
      return "veto-before-dark";
    case Mutation::veto_cleared_early:
      return "veto-cleared-early";
    case Mutation::no_hold_off:
      return "no-hold-off";
    case Mutation::short_hold_off:
      return "short-hold-off";
    case Mutation::keeps_power:
      return "keeps-power";
    case Mutation::deaf_to_lost_role:
      return "deaf-to-lost-role";
    case Mutation::believes_vip_free:
      return "believes-vip-free";
    case Mutation::never_tries_again:
      return "never-tries-again";
    case Mutation::reboots_at_once:
      return "reboots-at-once";
    case Mutation::keeps_port_open:
      return "keeps-port-open";
    case Mutation::forgets_deadlines:
      return "forgets-deadlines";
    case Mutation::serves_late_gateway:
      return "serves-late-gateway";
  }
  return "";
}

Event mutate(Mutation mutation, Event event) {
  if (mutation == Mutation::believes_vip_free && event == Event::vip_held) return Event::vip_free;
  // Something that means nothing while a host is master.
  if (mutation == Mutation::deaf_to_lost_role && event == Event::lost_master) return Event::hub_turned_on;
  return event;
}

void mutate(Mutation mutation, LifecyclePolicy& policy) {
  if (mutation == Mutation::no_hold_off) policy.hold_off = {};
  if (mutation == Mutation::short_hold_off) policy.hold_off = std::chrono::milliseconds(100);
  if (mutation == Mutation::reboots_at_once) policy.least_uptime = {};
}

void mutate(Mutation mutation, const Lifecycle& before, Step& made) {
  Lifecycle& next = made.next;
  if (mutation == Mutation::veto_before_dark && enters(before, made, State::releasing)) {
    add(made, Action::set_veto);
  }
  if (mutation == Mutation::veto_cleared_early && enters(before, made, State::darkening)) {
    add(made, Action::clear_veto);
  }
  if (mutation == Mutation::keeps_power && enters(before, made, State::darkening)) {
    leave_out(made, Action::turn_hub_off);
  }
  if (mutation == Mutation::never_tries_again && next.state == State::faulty)
    next.deadline = TimePoint::max();
  if (mutation == Mutation::keeps_port_open) leave_out(made, Action::close_gateway);
  if (mutation == Mutation::forgets_deadlines &&
      (next.state == State::releasing || next.state == State::darkening)) {
    next.deadline = TimePoint::max();
  }
  if (mutation == Mutation::serves_late_gateway && next.state == State::energising) {
    next.deadline = TimePoint::max();
  }
}

}  // namespace pizwg::simulation
