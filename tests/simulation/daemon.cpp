#include "simulation/daemon.h"

#include <algorithm>

#include "simulation/client.h"
#include "simulation/election.h"
#include "simulation/hub.h"
#include "simulation/machine.h"
#include "simulation/role.h"
#include "simulation/stick.h"
#include "simulation/trace.h"

namespace pizwg::simulation::daemon {
namespace {

using Process = Daemon::Process;

constexpr Duration watchdog = 5s;
constexpr Duration stop_limit = 20s;
constexpr Duration restart_delay = 1s;

void set_veto(World& world, int host, bool on) {
  world.at(host).machine.veto = on;
  world.after(1ms, host, world.at(host).machine.power, [](World& w, int h, Ticket power) {
    if (w.at(h).machine.power == power) election::reconsider(w, h);
  });
  if (!on && world.at(host).keepalived.frozen) role::froze(world, host);
}

void perform(World& world, int host, Action action) {
  Host& it = world.at(host);
  switch (action) {
    case Action::end_session:
      return client::ended_by_host(world, host);
    case Action::stop_listening:
    case Action::start_listening:
      it.daemon.listening = action == Action::start_listening;
      return client::look_again(world);
    case Action::close_gateway:
      return stick::close(world, host);
    case Action::open_gateway:
      return stick::open(world, host);
    case Action::turn_hub_on:
      it.daemon.proven_off = false;
      return hub::wish(world, host, true);
    case Action::turn_hub_off:
      return hub::wish(world, host, false);
    case Action::set_veto:
    case Action::clear_veto:
      return set_veto(world, host, action == Action::set_veto);
    case Action::soft_reboot:
    case Action::reboot:
      check_restart(world, host);
      return machine::restart(world, host, action == Action::reboot);
    case Action::ask_for_vip:
      return role::ask_for_vip(world, host);
    case Action::remember_proof:
    case Action::forget_proof:
      it.machine.memory =
          action == Action::remember_proof ? Beginning::Memory::proven : Beginning::Memory::unproven;
      return;
    case Action::end_daemon:
      return crash(world, host);
  }
}

void wait_for_deadline(World& world, int host) {
  Daemon& daemon = world.at(host).daemon;
  const Ticket ticket = ++daemon.deadline;
  if (daemon.life.deadline == TimePoint::max()) return;
  world.agenda.plan(std::max(daemon.life.deadline, world.now), host, ticket, [](World& w, int h, Ticket its) {
    if (w.at(h).daemon.deadline == its) happened(w, h, Event::deadline_passed);
  });
}

void take(World& world, int host, const Lifecycle& before, const Step& made) {
  Daemon& daemon = world.at(host).daemon;
  daemon.life = made.next;
  if (daemon.life.state == State::proving && before.state != State::proving) {
    const bool by_itself = std::ranges::find(made.actions, Action::ask_for_vip) != made.actions.end();
    (by_itself ? world.at(host).excuses.proof : world.at(host).excuses.order) = true;
  }
  const Ticket run = daemon.run;
  const bool vip_was_held = daemon.vip_was_held;
  for (const Action action : made.actions) perform(world, host, action);
  if (daemon.run != run) return;
  check_step(world, host, before, made, vip_was_held);
  if (daemon.life.deadline != before.deadline) wait_for_deadline(world, host);
  if (daemon.life.state != before.state || daemon.life.since != before.since) stick::look_for(world, host);
  role::watch_vip(world, host);
}

void begin_anew(World& world, int host) {
  Host& it = world.at(host);
  const Beginning found{
      .memory = it.machine.memory, .identity = it.machine.identity, .maintenance = it.machine.maintenance};
  it.daemon.policy = world.policy;
  it.daemon.policy.booted_at = it.machine.booted_at;
  mutate(world.mutation, it.daemon.policy);
  const Step first = begin(it.daemon.policy, found, world.now);
  trace_beginning(world, host, first);
  take(world, host, {}, first);
  if (it.daemon.process == Process::runs) wait_for_deadline(world, host);
}

void step_with(World& world, int host, Event event) {
  const Lifecycle before = world.at(host).daemon.life;
  event = mutate(world.mutation, event);
  if (event == Event::hub_proven_off) world.at(host).daemon.proven_off = true;
  Step made = step(world.at(host).daemon.policy, before, event, world.now);
  mutate(world.mutation, before, made);
  world.coverage->saw(before, event, made.next);
  trace_step(world, host, before, event, made);
  take(world, host, before, made);
}

// The process is gone, however that was; systemd cleans up after it.
void end_process(World& world, int host) {
  Daemon& daemon = world.at(host).daemon;
  ++daemon.run;
  ++daemon.deadline;
  ++daemon.look;
  ++daemon.vip_watch;
  ++daemon.question;
  daemon.inbox.clear();
  daemon.listening = false;
  daemon.process = Process::ended;
  stick::close(world, host);
  hub::forget_wish(world, host);
  client::lost_host(world, host);
}

void after_power_off(World& world, int host) {
  Host& it = world.at(host);
  it.daemon.process = Process::ended;
  hub::forget_wish(world, host);
  if (it.machine.going_down != Machine::GoingDown::no) return machine::go_down(world, host);
  world.after(restart_delay, host, it.daemon.run, [](World& w, int h, Ticket run) {
    if (w.at(h).daemon.run == run) start(w, h);
  });
}

void power_off(World& world, int host, Ticket run) {
  Daemon& daemon = world.at(host).daemon;
  if (daemon.run != run) return;
  daemon.process = Process::powering_off;
  hub::wish(world, host, false);
  world.after(stop_limit, host, run, [](World& w, int h, Ticket its) {
    Daemon& ours = w.at(h).daemon;
    if (ours.run == its && ours.process == Process::powering_off) after_power_off(w, h);
  });
}

}  // namespace

void start(World& world, int host) {
  Host& it = world.at(host);
  if (it.machine.state != Machine::State::up || it.daemon.process != Process::ended) return;
  note(world, host, "pizwgd", "starts");
  ++it.daemon.run;
  it.daemon.process = Process::runs;
  it.daemon.life = {};
  it.daemon.was_visible = it.daemon.notice_master = it.daemon.told_master = it.daemon.found_frozen = false;
  it.daemon.proven_off = it.daemon.vip_is_watched = false;
  begin_anew(world, host);
}

void crash(World& world, int host) {
  Daemon& daemon = world.at(host).daemon;
  if (daemon.process != Process::runs && daemon.process != Process::frozen) return;
  note(world, host, "pizwgd", "has ended");
  // One that ended by itself was dark before.
  if (daemon.life.state != State::stopped) world.at(host).excuses.unattended = true;
  end_process(world, host);
  world.after(world.within(10ms, 100ms), host, daemon.run, power_off);
}

void vanish(World& world, int host) {
  end_process(world, host);
}

void freeze(World& world, int host) {
  Daemon& daemon = world.at(host).daemon;
  if (daemon.process != Process::runs) return;
  note(world, host, "pizwgd", "frozen");
  daemon.process = Process::frozen;
  world.at(host).excuses.unattended = true;
  world.after(watchdog, host, daemon.run, [](World& w, int h, Ticket run) {
    if (w.at(h).daemon.run == run && w.at(h).daemon.process == Process::frozen) crash(w, h);
  });
}

void thaw(World& world, int host) {
  Daemon& daemon = world.at(host).daemon;
  if (daemon.process != Process::frozen) return;
  note(world, host, "pizwgd", "thawed");
  daemon.process = Process::runs;
  std::vector<Event> missed;
  std::swap(missed, daemon.inbox);
  for (const Event event : missed) happened(world, host, event);
  role::judge(world, host);
  stick::look_for(world, host);
  world.after(300ms, host, daemon.run, [](World& w, int h, Ticket run) {
    if (w.at(h).daemon.run == run && w.at(h).daemon.process == Process::runs)
      w.at(h).excuses.unattended = false;
  });
}

void stop(World& world, int host) {
  Daemon& daemon = world.at(host).daemon;
  happened(world, host, Event::stop_ordered);
  if (daemon.process == Process::ended || daemon.process == Process::powering_off) return;
  world.after(stop_limit, host, daemon.run, [](World& w, int h, Ticket run) {
    if (w.at(h).daemon.run == run) crash(w, h);
  });
}

void happened(World& world, int host, Event event) {
  Daemon& daemon = world.at(host).daemon;
  if (daemon.process == Process::frozen) daemon.inbox.push_back(event);
  if (daemon.process == Process::runs && world.at(host).machine.state == Machine::State::up) {
    step_with(world, host, event);
  }
}

void answered(World& world, int host, Ticket run, Event event) {
  if (world.at(host).daemon.run == run) happened(world, host, event);
}

void hub_answered(World& world, int host, Event event) {
  if (world.at(host).daemon.process != Process::powering_off) return happened(world, host, event);
  set_veto(world, host, true);
  after_power_off(world, host);
}

}  // namespace pizwg::simulation::daemon
