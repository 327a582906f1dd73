#pragma once
// Rules that can be broken on purpose: the simulator has to notice each, or it watches nothing.

#include <array>
#include <string_view>

#include "core/lifecycle.h"

namespace pizwg::simulation {

enum class Mutation {
  none,
  veto_before_dark,     // releasing sets the veto at once: the VIP goes while the hub has power
  veto_cleared_early,   // darkening clears it
  no_hold_off,          // a new master does not wait for the former one
  short_hold_off,       // 100 ms, which a frozen keepalived outlasts
  keeps_power,          // a lost role does not turn the hub off
  deaf_to_lost_role,    // it is not even heard
  believes_vip_free,    // a faulty host proves its gateway beside the master's
  never_tries_again,    // a faulty host stays faulty
  reboots_at_once,      // however short it has been up
  keeps_port_open,      // the gateway's, when the hub goes dark
  forgets_deadlines,    // of releasing and darkening, when the hub says nothing
  serves_late_gateway,  // energising waits for ever
};
inline constexpr Mutation last_mutation = Mutation::serves_late_gateway;

std::string_view word_for(Mutation mutation);

// What is changed on the way into the lifecycle, and out of it.
Event mutate(Mutation mutation, Event event);
void mutate(Mutation mutation, LifecyclePolicy& policy);
void mutate(Mutation mutation, const Lifecycle& before, Step& made);

}  // namespace pizwg::simulation
