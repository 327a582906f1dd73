#include "simulation/lifecycle_variants.h"

#include <array>

namespace pizwg::simulation {
namespace {

constexpr std::array all_sessions{AfterSession::keep, AfterSession::release, AfterSession::soft_reboot,
                                  AfterSession::reboot};
constexpr std::array all_energise{Energise::master, Energise::client};
constexpr std::array all_afters{After::settling, After::waiting, After::soft_reboot, After::reboot,
                                After::stopping};
constexpr std::array all_faults{Fault::none,         Fault::unproven,     Fault::no_gateway,
                                Fault::gateway_late, Fault::gateway_lost, Fault::hub_stuck};

bool is_fault_of_gateway(Fault fault) {
  return fault != Fault::none && fault != Fault::hub_stuck;
}

bool may_serve(const Lifecycle& it) {
  return it.master && it.identity && !it.maintenance && it.proven;
}

bool suits_state(const LifecyclePolicy& policy, const Lifecycle& it) {
  const bool client_gives_power = policy.energise == Energise::client;
  switch (it.state) {
    case State::unprovisioned:
      return !it.identity && !it.maintenance;
    case State::maintenance:
      return it.maintenance;
    case State::faulty:
      return it.identity && !it.maintenance && (!it.proven || it.fault == Fault::hub_stuck);
    case State::standby:
      return it.identity && !it.maintenance && it.proven && it.fault == Fault::none && !it.master;
    case State::taking_over:
      return may_serve(it) && it.fault == Fault::none;
    case State::waiting:
      return may_serve(it) && client_gives_power;
    case State::energising:
      return may_serve(it) && it.session == client_gives_power;
    case State::ready:
      return may_serve(it) && !client_gives_power;
    case State::serving:
      return may_serve(it) && it.session;
    case State::releasing:
      return it.master && (it.after != After::waiting || (may_serve(it) && client_gives_power));
    case State::yielding:
      return it.master && it.after != After::waiting;
    case State::darkening:
      return it.after != After::waiting;
    case State::rebooting:
      return it.after == After::soft_reboot || it.after == After::reboot;
    case State::proving:
    case State::stopped:
      return true;
  }
  return false;
}

void add_variants(const LifecyclePolicy& policy, State state, TimePoint now, std::vector<Variant>& found) {
  for (const After after : all_afters) {
    for (const Fault fault : all_faults) {
      for (unsigned bits = 0; bits < 32; ++bits) {
        const Lifecycle one{.state = state,
                            .after = after,
                            .fault = fault,
                            .identity = (bits & 1) != 0,
                            .master = (bits & 2) != 0,
                            .session = (bits & 4) != 0,
                            .proven = (bits & 8) != 0,
                            .maintenance = (bits & 16) != 0,
                            .failures = 1,
                            .since = now - std::chrono::seconds(1),
                            .deadline = now};
        if (consistent(policy, one)) found.push_back({.policy = policy, .lifecycle = one});
      }
    }
  }
}

}  // namespace

bool consistent(const LifecyclePolicy& policy, const Lifecycle& it) {
  if (it.proven && is_fault_of_gateway(it.fault)) return false;
  if (!it.proven && it.fault == Fault::none) return false;
  if (it.session && it.state != State::serving && it.state != State::energising) return false;
  return suits_state(policy, it);
}

std::vector<Variant> variants_of(State state, TimePoint now) {
  std::vector<Variant> found;
  for (const AfterSession after_session : all_sessions) {
    for (const Energise energise : all_energise) {
      LifecyclePolicy policy{.after_session = after_session, .energise = energise};
      policy.booted_at = now - std::chrono::hours(1);
      add_variants(policy, state, now, found);
      policy.booted_at = now - std::chrono::seconds(1);
      add_variants(policy, state, now, found);
    }
  }
  return found;
}

Step taken(const Variant& from, Event event, TimePoint now) {
  return step(from.policy, from.lifecycle, event, now);
}

}  // namespace pizwg::simulation
