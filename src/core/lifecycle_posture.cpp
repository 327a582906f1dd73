#include "core/lifecycle.h"

namespace pizwg {

Posture posture(const LifecyclePolicy& policy, State state) {
  using Hub = Posture::Hub;
  const bool while_energising = policy.energise == Energise::client;  // the client is there already
  switch (state) {
    case State::unprovisioned:
    case State::yielding:
    case State::rebooting:
    case State::faulty:
    case State::maintenance:
    case State::stopped:
      return {.hub = Hub::off, .veto = true};
    case State::proving:
      return {.hub = Hub::on, .veto = true};
    case State::darkening:
      return {.hub = Hub::turning_off, .veto = true};
    case State::standby:
    case State::taking_over:
      return {.hub = Hub::off, .veto = false};
    case State::waiting:
      return {.hub = Hub::off, .veto = false, .listening = true};
    case State::energising:
      return {.hub = Hub::on, .veto = false, .gateway_open = true, .listening = while_energising};
    case State::ready:
    case State::serving:
      return {.hub = Hub::on, .veto = false, .gateway_open = true, .listening = true};
    case State::releasing:
      return {.hub = Hub::turning_off, .veto = false};
  }
  return {};
}

SessionEnd session_end_by(Event event) {
  switch (event) {
    case Event::lost_master:
      return SessionEnd::role_lost;
    case Event::gateway_lost:
    case Event::deadline_passed:  // the gateway came too late
      return SessionEnd::gateway_lost;
    case Event::handover_ordered:
      return SessionEnd::handover;
    case Event::maintenance_began:
      return SessionEnd::maintenance;
    case Event::identity_vanished:
      return SessionEnd::revoked;
    case Event::identity_appeared:
    case Event::became_master:
    case Event::hub_turned_on:
    case Event::hub_proven_off:
    case Event::hub_failed:
    case Event::gateway_seen:
    case Event::gateway_opened:
    case Event::client_authenticated:
    case Event::session_ended:
    case Event::vip_held:
    case Event::vip_free:
    case Event::maintenance_ended:
    case Event::proof_ordered:
    case Event::reboot_refused:
    case Event::stop_ordered:
      return SessionEnd::shutdown;
  }
  return SessionEnd::shutdown;
}

bool serves(State state) {
  switch (state) {
    case State::waiting:
    case State::energising:
    case State::ready:
    case State::serving:
    case State::taking_over:
      return true;
    case State::unprovisioned:
    case State::proving:
    case State::darkening:
    case State::standby:
    case State::releasing:
    case State::yielding:
    case State::rebooting:
    case State::faulty:
    case State::maintenance:
    case State::stopped:
      return false;
  }
  return false;
}

bool fit(const Lifecycle& lifecycle) {
  return lifecycle.state == State::standby || serves(lifecycle.state);
}

}  // namespace pizwg
