#pragma once
// Every lifecycle that may be: what is always true of one, and all that satisfy it.

#include <vector>

#include "core/lifecycle.h"

namespace pizwg::simulation {

// E.g. nobody in standby is unproven, and nobody serves without being master.
bool consistent(const LifecyclePolicy& policy, const Lifecycle& lifecycle);

struct Variant {
  LifecyclePolicy policy;
  Lifecycle lifecycle;
};

// Under each policy, long after boot and just after it; their deadlines are due at `now`.
std::vector<Variant> variants_of(State state, TimePoint now);

// step() with an event that is due.
Step taken(const Variant& from, Event event, TimePoint now);

}  // namespace pizwg::simulation
