#include "simulation/machine.h"

#include "simulation/daemon.h"
#include "simulation/election.h"
#include "simulation/hub.h"
#include "simulation/role.h"
#include "simulation/trace.h"

namespace pizwg::simulation::machine {
namespace {

constexpr Duration hardware_watchdog = 15s;

// Nothing of ours runs any longer, and nobody is told.
void end_everything(World& world, int host, Machine::State state) {
  Host& it = world.at(host);
  it.machine.state = state;
  it.machine.going_down = Machine::GoingDown::no;
  ++it.machine.power;
  election::kill(world, host);
  it.keepalived.vip = false;
  daemon::vanish(world, host);
}

void come_up(World& world, int host, Ticket power) {
  Machine& machine = world.at(host).machine;
  if (machine.power != power) return;
  note(world, host, "machine: up");
  machine.state = Machine::State::up;
  machine.booted_at = world.now;
  daemon::start(world, host);
  election::start_later(world, host, 50ms, 200ms);
}

// The firmware powers the ports first. /run is empty; the veto file is made set.
void boot(World& world, int host) {
  Machine& machine = world.at(host).machine;
  note(world, host, "machine: boots");
  machine.state = Machine::State::booting;
  machine.memory = Beginning::Memory::none;
  machine.veto = true;
  machine.maintenance = false;
  world.at(host).excuses.boot = true;
  hub::set_power(world, host, true);
  world.after(world.within(8s, 20s), host, machine.power, come_up);
}

void boot_if_still(World& world, int host, Ticket power) {
  if (world.at(host).machine.power == power) boot(world, host);
}

void begin_to_go_down(World& world, int host, bool hard, Duration least, Duration most) {
  world.at(host).machine.going_down = hard ? Machine::GoingDown::hard : Machine::GoingDown::soft;
  world.after(world.within(least, most), host, world.at(host).machine.power,
              [](World& w, int h, Ticket power) {
                if (w.at(h).machine.power != power) return;
                const bool ended = w.at(h).daemon.process == Daemon::Process::ended;
                return ended ? go_down(w, h) : daemon::stop(w, h);
              });
}

}  // namespace

void cut_power(World& world, int host) {
  note(world, host, "machine: no power");
  end_everything(world, host, Machine::State::off);
  hub::set_power(world, host, false);
}

void give_power(World& world, int host) {
  if (world.at(host).machine.state == Machine::State::off) boot(world, host);
}

void hang(World& world, int host) {
  if (world.at(host).machine.state != Machine::State::up) return;
  note(world, host, "machine: hangs");
  end_everything(world, host, Machine::State::hung);
  world.at(host).excuses.hang = true;
  world.checks.overlaps[static_cast<std::size_t>(host)].lasts = false;  // it is a new one that counts
  world.after(hardware_watchdog, host, world.at(host).machine.power, boot_if_still);
}

void set_carrier(World& world, int host, bool on) {
  world.at(host).carrier = on;
  note(world, host, on ? "carrier" : "no carrier");
  election::reconsider(world, host);
  role::judge(world, host);
  election::listen(world);
}

void restart(World& world, int host, bool hard) {
  const Machine& machine = world.at(host).machine;
  if (machine.going_down != Machine::GoingDown::no) return;
  switch (machine.restart) {
    case Machine::Restart::fine:
      return begin_to_go_down(world, host, hard, 50ms, 1500ms);
    case Machine::Restart::ignored:
      return;
    case Machine::Restart::refused:
      return world.after(
          world.within(5ms, 50ms), host, world.at(host).daemon.run,
          [](World& w, int h, Ticket run) { daemon::answered(w, h, run, Event::reboot_refused); });
  }
}

void go_down(World& world, int host) {
  Machine& machine = world.at(host).machine;
  const bool hard = machine.going_down == Machine::GoingDown::hard;
  election::stop(world, host);
  end_everything(world, host, Machine::State::booting);
  ++world.coverage->restarts;
  note(world, host, "machine: goes down", hard ? "reboot" : "soft-reboot");
  if (hard) return world.after(2s, host, machine.power, boot_if_still);
  world.after(world.within(1s, 4s), host, machine.power, come_up);
}

}  // namespace pizwg::simulation::machine
