#pragma once
// The lifecycle of a host that shares a gateway's clones with others: step(state, event, now) -> state,
// actions. Pure and total: every event means something (perhaps nothing) in every state, and nothing here
// waits, reads a clock or touches the world. What the world does is told by events; what is to be done are
// actions, which pizwgd's Supervisor performs, and nothing else does. ARCHITECTURE.md has the table.

#include <chrono>
#include <string_view>
#include <vector>

#include "core/session_end.h"

namespace pizwg {

// Each says what the hub, the veto, the gateway's port and the TCP port 3333 are like (see `posture`).
enum class State {
  unprovisioned,  // no identity
  proving,        // not master; the hub is on: does my gateway work?
  darkening,      // not master; the hub is being switched off, and the effect awaited
  standby,        // could be master
  taking_over,    // just became master; the former one gets this long to switch its hub off
  waiting,        // master, dark, listening: energise = "client" only
  energising,     // master; the hub is on, the gateway is awaited
  ready,          // master; the gateway is open: listening
  serving,        // master with a session
  releasing,      // still master, by choice no longer: the hub is being switched off before the VIP may go
  yielding,       // proven dark; the veto is set, the VIP is about to go
  rebooting,      // proven dark; systemd has been asked to start everything anew
  faulty,         // something does not work: tried again later
  maintenance,    // the operator said so
  stopped,        // dark; the daemon ends
};

enum class Event {
  identity_appeared,
  identity_vanished,
  became_master,
  lost_master,
  hub_turned_on,
  hub_proven_off,
  hub_failed,    // it could not be switched, or switching had no effect
  gateway_seen,  // its USB device is there (nobody has opened it)
  gateway_opened,
  gateway_lost,  // it was open, left, and did not come back within the grace
  client_authenticated,
  session_ended,
  vip_held,  // the answers to ask_for_vip
  vip_free,
  handover_ordered,
  maintenance_began,
  maintenance_ended,
  proof_ordered,
  reboot_refused,
  stop_ordered,
  deadline_passed,
};

enum class Action {
  end_session,
  stop_listening,
  close_gateway,
  turn_hub_off,
  set_veto,
  soft_reboot,
  reboot,
  clear_veto,
  turn_hub_on,
  open_gateway,
  start_listening,
  ask_for_vip,     // does another host hold the VIP? Answered by vip_held or vip_free
  remember_proof,  // for the next start of the daemon, not of the machine
  forget_proof,
  end_daemon,
};

// Why a host is not fit, or what is wrong with one that serves all the same.
enum class Fault {
  none,
  unproven,      // nobody has seen this gateway work since the daemon started
  no_gateway,    // proving: not seen
  gateway_late,  // energising: not seen, or it could not be opened
  gateway_lost,  // left while it was open
  hub_stuck,     // power-off does not work
};

enum class AfterSession { keep, release, soft_reboot, reboot };
enum class Energise { master, client };

using TimePoint = std::chrono::steady_clock::time_point;

struct LifecyclePolicy {
  AfterSession after_session = AfterSession::release;
  Energise energise = Energise::master;
  // A stick answers 1 s after power-on, a slow one in a few.
  std::chrono::milliseconds gateway_limit{10'000};
  // The hub's adapter answers within 7 s. This is for the day when it does not.
  std::chrono::milliseconds hub_limit{10'000};
  // For a former master that lost its role against its will. Frozen, its keepalived is found out 300 ms later
  // at most, and its hub is dark after another 70; keepalived here may have taken over 200 ms after it froze
  // (300 after its last advert), and the hub here takes 20 at least. The simulator has the same figures.
  std::chrono::milliseconds hold_off{150};
  // keepalived lets the VIP go 1 ms after the veto (facts, section 3).
  std::chrono::milliseconds yield_limit{2'000};
  // From asking systemd to being ended by it.
  std::chrono::milliseconds reboot_limit{60'000};
  // Back-off of a faulty host.
  std::chrono::milliseconds first_retry{2'000};
  std::chrono::milliseconds last_retry{30'000};
  // Nobody answers whether the VIP is held.
  std::chrono::milliseconds answer_limit{5'000};
  // A host that came up more recently releases instead of rebooting: no reboot storm, ever.
  std::chrono::milliseconds least_uptime{180'000};
  TimePoint booted_at{};  // of the machine, or its last soft-reboot
};

// Where the way into the dark (releasing, yielding, darkening) leads.
enum class After {
  settling,  // standby, or what keeps this host from it
  waiting,
  soft_reboot,
  reboot,
  stopping,
};

struct Lifecycle {
  State state = State::proving;
  After after = After::settling;
  Fault fault = Fault::none;
  bool identity = false;
  bool master = false;       // what the election says, whatever the state
  bool session = false;      // authenticated and not ended
  bool proven = false;       // this gateway has been seen to work, and nothing since says otherwise
  bool maintenance = false;  // ordered, and not over
  unsigned failures = 0;     // since the gateway was last open
  TimePoint since{};         // when this state began
  TimePoint deadline = TimePoint::max();  // deadline_passed is due

  bool operator==(const Lifecycle&) const = default;
};

// What a state asks of the world.
struct Posture {
  enum class Hub { off, turning_off, on } hub = Hub::off;
  bool veto = true;
  bool gateway_open = false;
  bool listening = false;

  bool operator==(const Posture&) const = default;
};
Posture posture(const LifecyclePolicy& policy, State state);

// What the daemon finds when it starts.
struct Beginning {
  // None: the machine has just booted, which powered the hub before anything of ours ran. Otherwise this boot
  // has seen the daemon before, and the hub may be dark.
  enum class Memory { none, unproven, proven } memory = Memory::none;
  bool identity = false;
  bool maintenance = false;
};

struct Step {
  Lifecycle next;
  std::vector<Action> actions;  // to be performed in this order
};

Step begin(const LifecyclePolicy& policy, const Beginning& found, TimePoint now);
Step step(const LifecyclePolicy& policy, const Lifecycle& before, Event event, TimePoint now);

// The reason to give for an end_session that follows from this event.
SessionEnd session_end_by(Event event);

// Whether clients reach this host in `state`, or are about to.
bool serves(State state);
// Whether this host could take over, or has.
bool fit(const Lifecycle& lifecycle);

// The words of logs, status and documents: "taking-over".
std::string_view word_for(State state);
std::string_view word_for(Event event);
std::string_view word_for(Action action);
std::string_view word_for(Fault fault);
std::string_view word_for(AfterSession policy);
std::string_view word_for(Energise policy);

}  // namespace pizwg
