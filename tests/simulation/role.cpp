#include "simulation/role.h"

#include "simulation/daemon.h"
#include "simulation/election.h"

namespace pizwg::simulation::role {
namespace {

using KState = Keepalived::State;

bool daemon_lives(const World& world, int host) {
  const auto process = world.at(host).daemon.process;
  return process == Daemon::Process::runs || process == Daemon::Process::frozen;
}

bool is_master(const World& world, int host) {
  const Host& it = world.at(host);
  return it.daemon.notice_master && it.keepalived.state != KState::dead && !it.daemon.found_frozen &&
         it.keepalived.vip && it.carrier;
}

// Vetoed; or without having said that it is master, which a daemon that was started meanwhile has missed.
bool holds_vip_wrongly(const Host& host) {
  return host.keepalived.vip && (host.machine.veto || !host.daemon.notice_master);
}

void tell(World& world, int host, Ticket run) {
  Daemon& daemon = world.at(host).daemon;
  if (daemon.run != run || daemon.process != Daemon::Process::runs) return;
  const bool master = is_master(world, host);
  if (std::exchange(daemon.told_master, master) == master) return;
  daemon::happened(world, host, master ? Event::became_master : Event::lost_master);
}

void probe(World& world, int host, Ticket question);

template <Event answer>
void answer_with(World& world, int host, Ticket question) {
  const Host& it = world.at(host);
  if (it.daemon.question != question) return;
  if (answer == Event::vip_free && !it.carrier) return probe(world, host, question);
  daemon::happened(world, host, answer);
}

// Without a carrier nobody could be reached: the answer has to wait.
void probe(World& world, int host, Ticket question) {
  Host& it = world.at(host);
  if (it.daemon.question != question) return;
  if (!it.carrier) return world.after(1s, host, question, probe);
  it.daemon.vip_was_held = it.keepalived.vip || election::sees_vip_elsewhere(world, host);
  if (it.daemon.vip_was_held) {
    return world.after(world.within(1ms, 5ms), host, question, answer_with<Event::vip_held>);
  }
  world.after(1s, host, question, answer_with<Event::vip_free>);
}

void restart_keepalived(World& world, int host) {
  election::kill(world, host);
  election::start_later(world, host, 1s, 1200ms);
}

void find_frozen(World& world, int host, Ticket process) {
  Host& it = world.at(host);
  if (it.keepalived.process != process || !it.keepalived.frozen || !daemon_lives(world, host)) return;
  it.daemon.found_frozen = true;
  judge(world, host);
  restart_keepalived(world, host);
}

}  // namespace

void noticed(World& world, int host) {
  Daemon& daemon = world.at(host).daemon;
  if (!daemon_lives(world, host)) return;  // nobody reads
  daemon.notice_master = world.at(host).keepalived.state == KState::master;
  daemon.found_frozen = false;
  judge(world, host);
}

// A master must move ten times a second, and is looked at twenty times; a fit backup once a second.
void froze(World& world, int host) {
  const bool master = world.at(host).daemon.notice_master;
  if (!daemon_lives(world, host) || (world.at(host).machine.veto && !master)) return;
  const Duration found = master ? world.within(20ms, 300ms) : world.within(3s, 4s);
  world.after(found, host, world.at(host).keepalived.process, find_frozen);
}

void judge(World& world, int host) {
  const Daemon& daemon = world.at(host).daemon;
  watch_vip(world, host);
  if (!daemon_lives(world, host) || daemon.told_master == is_master(world, host)) return;
  world.after(world.within(1ms, 10ms), host, daemon.run, tell);
}

void watch_vip(World& world, int host) {
  Daemon& daemon = world.at(host).daemon;
  const bool ill = holds_vip_wrongly(world.at(host));
  if (std::exchange(daemon.vip_is_watched, ill) == ill) return;
  ++daemon.vip_watch;
  if (!ill) return;
  world.after(2s, host, daemon.vip_watch, [](World& w, int h, Ticket watch) {
    if (w.at(h).daemon.vip_watch != watch) return;
    w.at(h).daemon.vip_is_watched = false;
    if (w.at(h).daemon.process == Daemon::Process::runs) restart_keepalived(w, h);
  });
}

void ask_for_vip(World& world, int host) {
  probe(world, host, ++world.at(host).daemon.question);
}

}  // namespace pizwg::simulation::role
