#pragma once
// All that a simulated run consists of, as plain data. What happens to each part stands in the file that has
// the part's name; a host is a number, its index in `hosts`.

#include <array>
#include <chrono>
#include <cstdint>
#include <string_view>
#include <utility>
#include <vector>

#include "core/lifecycle.h"
#include "simulation/agenda.h"
#include "simulation/checks.h"
#include "simulation/coverage.h"
#include "simulation/mutation.h"
#include "simulation/random.h"

namespace pizwg::simulation {

using namespace std::chrono_literals;

inline constexpr int most_hosts = 4;
inline constexpr int nobody = -1;
inline constexpr int no_host = -1;

// A hub's port and uhubctl, as HubPower sees them.
struct Hub {
  enum class Mode {
    fine,
    slow,
    stuck_on,   // says off, and gives power
    stuck_off,  // says on, and gives none
    failing,    // says that it failed
    mute,       // no call returns, and no limit works
  } mode = Mode::fine;
  bool power = false;
  bool wanted = false;  // the latest wish
  bool delayed = false;
  bool troubled = false;  // it misbehaved, and has not been off since
  TimePoint give_up{};
  Ticket wish = 0;
};

struct Stick {
  bool attached = true;
  bool dead = false;
  bool openable = true;
  bool flapping = false;
  Duration start = 1s;  // from power to tty
  bool visible = false;
  Ticket supply = 0;
};

struct Keepalived {
  enum class State { dead, fault, backup, master } state = State::dead;
  unsigned priority = 1;
  bool frozen = false;
  bool vip = false;    // on the interface, whoever put it there
  bool hears = false;  // as a backup: a master
  bool timer_missed = false;
  bool rash = false;  // took over as it thawed, without having listened for long
  TimePoint frozen_at{};
  Ticket timer = 0;
  Ticket process = 0;
  Ticket conceding = 0;
};

struct Daemon {
  enum class Process { ended, runs, frozen, powering_off } process = Process::ended;
  Lifecycle life;
  LifecyclePolicy policy;
  std::vector<Event> inbox;  // while it is frozen
  bool listening = false;
  bool port_wanted = false;
  bool port_open = false;
  bool was_visible = false;
  bool proven_off = false;     // since the hub was last turned on
  bool notice_master = false;  // keepalived's last notice
  bool found_frozen = false;   // keepalived
  bool told_master = false;    // the lifecycle
  bool vip_was_held = false;   // when it last asked, in truth
  bool vip_is_watched = false;
  int session = nobody;
  Ticket run = 0;  // of this process
  Ticket deadline = 0;
  Ticket port = 0;
  Ticket look = 0;
  Ticket vip_watch = 0;
  Ticket question = 0;
  Ticket session_ticket = 0;
};

struct Machine {
  enum class State { off, booting, up, hung } state = State::off;
  enum class Restart { fine, refused, ignored } restart = Restart::fine;
  enum class GoingDown { no, soft, hard } going_down = GoingDown::no;
  TimePoint booted_at{};
  Beginning::Memory memory = Beginning::Memory::none;
  bool veto = true;
  bool maintenance = false;
  bool identity = true;
  Ticket power = 0;  // raised by whatever ends all processes
};

struct Host {
  Hub hub;
  Stick stick;
  Keepalived keepalived;
  Daemon daemon;
  Machine machine;
  bool carrier = true;
  int side = 0;  // of a partition
  bool mute = false;
  bool deaf = false;
  Excuses excuses;
};

struct Client {
  bool wants = false;
  bool alive = true;
  int host = no_host;
  int side = 0;
  Ticket attempt = 0;
};

struct World {
  explicit World(std::uint64_t seed) : random(seed) {}

  Random random;
  Agenda agenda;
  TimePoint now = TimePoint{} + std::chrono::hours(1000);
  LifecyclePolicy policy;
  std::array<Host, most_hosts> hosts;
  int host_count = 1;
  bool hubs_switch =
      true;  // false: hub = "none", the gateways always have power, and off is not to open them
  std::array<Client, 2> clients;  // the application's, and somebody else's
  Mutation mutation = Mutation::none;
  Checks checks;
  Coverage* coverage = nullptr;
  bool traced = false;

  Host& at(int host) { return hosts[static_cast<std::size_t>(host)]; }
  const Host& at(int host) const { return hosts[static_cast<std::size_t>(host)]; }

  void after(Duration delay, int host, Ticket ticket, Happening happen) {
    agenda.plan(now + delay, host, ticket, happen);
  }
  // Often as short or as long as it may be: that is where races are decided.
  Duration within(Duration least, Duration most) {
    if (random.one_in(4)) return random.one_in(2) ? least : most;
    return random.between(least, most);
  }
};

// A line of the trace: time, host, what. Nothing when the run is not traced.
void note(const World& world, int host, std::string_view what, std::string_view detail = {});

}  // namespace pizwg::simulation
