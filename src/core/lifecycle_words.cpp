#include "core/lifecycle.h"

namespace pizwg {

std::string_view word_for(State state) {
  switch (state) {
    case State::unprovisioned:
      return "unprovisioned";
    case State::proving:
      return "proving";
    case State::darkening:
      return "darkening";
    case State::standby:
      return "standby";
    case State::taking_over:
      return "taking-over";
    case State::waiting:
      return "waiting";
    case State::energising:
      return "energising";
    case State::ready:
      return "ready";
    case State::serving:
      return "serving";
    case State::releasing:
      return "releasing";
    case State::yielding:
      return "yielding";
    case State::rebooting:
      return "rebooting";
    case State::faulty:
      return "faulty";
    case State::maintenance:
      return "maintenance";
    case State::stopped:
      return "stopped";
  }
  return "";
}

std::string_view word_for(Event event) {
  switch (event) {
    case Event::identity_appeared:
      return "identity-appeared";
    case Event::identity_vanished:
      return "identity-vanished";
    case Event::became_master:
      return "became-master";
    case Event::lost_master:
      return "lost-master";
    case Event::hub_turned_on:
      return "hub-turned-on";
    case Event::hub_proven_off:
      return "hub-proven-off";
    case Event::hub_failed:
      return "hub-failed";
    case Event::gateway_seen:
      return "gateway-seen";
    case Event::gateway_opened:
      return "gateway-opened";
    case Event::gateway_lost:
      return "gateway-lost";
    case Event::client_authenticated:
      return "client-authenticated";
    case Event::session_ended:
      return "session-ended";
    case Event::vip_held:
      return "vip-held";
    case Event::vip_free:
      return "vip-free";
    case Event::handover_ordered:
      return "handover-ordered";
    case Event::maintenance_began:
      return "maintenance-began";
    case Event::maintenance_ended:
      return "maintenance-ended";
    case Event::proof_ordered:
      return "proof-ordered";
    case Event::reboot_refused:
      return "reboot-refused";
    case Event::stop_ordered:
      return "stop-ordered";
    case Event::deadline_passed:
      return "deadline-passed";
  }
  return "";
}

std::string_view word_for(Action action) {
  switch (action) {
    case Action::end_session:
      return "end-session";
    case Action::stop_listening:
      return "stop-listening";
    case Action::close_gateway:
      return "close-gateway";
    case Action::turn_hub_off:
      return "turn-hub-off";
    case Action::set_veto:
      return "set-veto";
    case Action::soft_reboot:
      return "soft-reboot";
    case Action::reboot:
      return "reboot";
    case Action::clear_veto:
      return "clear-veto";
    case Action::turn_hub_on:
      return "turn-hub-on";
    case Action::open_gateway:
      return "open-gateway";
    case Action::start_listening:
      return "start-listening";
    case Action::ask_for_vip:
      return "ask-for-vip";
    case Action::remember_proof:
      return "remember-proof";
    case Action::forget_proof:
      return "forget-proof";
    case Action::end_daemon:
      return "end-daemon";
  }
  return "";
}

std::string_view word_for(Fault fault) {
  switch (fault) {
    case Fault::none:
      return "none";
    case Fault::unproven:
      return "unproven";
    case Fault::no_gateway:
      return "no-gateway";
    case Fault::gateway_late:
      return "gateway-late";
    case Fault::gateway_lost:
      return "gateway-lost";
    case Fault::hub_stuck:
      return "hub-stuck";
  }
  return "";
}

std::string_view word_for(AfterSession policy) {
  switch (policy) {
    case AfterSession::keep:
      return "keep";
    case AfterSession::release:
      return "release";
    case AfterSession::soft_reboot:
      return "soft-reboot";
    case AfterSession::reboot:
      return "reboot";
  }
  return "";
}

std::string_view word_for(Energise policy) {
  switch (policy) {
    case Energise::master:
      return "master";
    case Energise::client:
      return "client";
  }
  return "";
}

}  // namespace pizwg
