#pragma once
// What must be true after everything that happens. The first rule that is broken ends the run.

#include <array>
#include <cstdint>
#include <string>

#include "core/lifecycle.h"
#include "simulation/coverage.h"
#include "simulation/random.h"

namespace pizwg::simulation {

struct World;

// Why a host's gateway may be on the air beside another's, each until the host has been dark once since.
enum class Cause {
  none,
  boot,         // the firmware powers the ports before anything of ours runs
  hang,         // a kernel that hangs, until the hardware watchdog resets it
  hub,          // which did not do what it was told
  unattended,   // the daemon was dead or frozen
  proof,        // begun while nobody held the VIP, beside a master that was elected meanwhile
  blind_proof,  // likewise, but it cannot see the other: that one proves, too; or its own cable is pulled
  order,        // of the operator: a proof
  two_frozen,   // one keepalived thaws and takes over at once, while another's freezing has not been noticed
  partition,    // of the network: each side serves
};
static_assert(static_cast<std::size_t>(Cause::partition) < most_causes);

std::string_view word_for(Cause cause);

struct Excuses {
  bool boot = false;
  bool hang = false;
  bool unattended = false;
  bool proof = false;
  bool order = false;
};

// A host that is on the air although another is.
struct Overlap {
  bool lasts = false;
  Cause cause = Cause::none;
  TimePoint since{};
};

struct Checks {
  std::string broken;  // the rule, in words; empty: none so far
  TimePoint whole_since{};
  bool whole = true;
  bool paused = false;  // the schedule has its turn
  bool strict = false;  // one fault at most so far: fewer excuses hold
  TimePoint served_since = TimePoint::max();
  std::array<Overlap, 4> overlaps{};  // by host
};

bool on_the_air(const World& world, int host);
bool network_is_whole(const World& world);
bool is_served(const World& world);

// After a step of the lifecycle: what is asked of the adapters is what the state's posture says.
// `vip_was_held`: by another host, when this one last asked before the step.
void check_step(World& world, int host, const Lifecycle& before, const Step& made, bool vip_was_held);
void check_restart(World& world, int host);
// keepalived lets the VIP go because of the veto.
void check_farewell(World& world, int host);
// After anything.
void check_world(World& world);
// At moments that the schedule chooses.
void check_served(World& world, std::string_view when);
// Each host is fit, and elected or to be elected; or it waits with its proof for the master's end.
void check_nobody_is_stuck(World& world, std::string_view when);

}  // namespace pizwg::simulation
