#include "simulation/hub.h"

#include "simulation/daemon.h"
#include "simulation/stick.h"

namespace pizwg::simulation::hub {
namespace {

using Mode = Hub::Mode;

constexpr Duration effect_limit = 5s;
constexpr Duration repeat_after = 500ms;

void call(World& world, int host, Ticket wish);

void answer(World& world, int host, Event event) {
  ++world.at(host).hub.wish;
  daemon::hub_answered(world, host, event);
}

void take_effect(World& world, int host) {
  const bool on = world.at(host).hub.wanted;
  set_power(world, host, on);
  if (on) return answer(world, host, Event::hub_turned_on);
  // The adapter looks every 5 ms whether the device is gone.
  world.after(world.within(0ms, 5ms), host, world.at(host).hub.wish, [](World& w, int h, Ticket wish) {
    if (w.at(h).hub.wish == wish) answer(w, h, Event::hub_proven_off);
  });
}

void do_without(World& world, int host) {
  const bool on = world.at(host).hub.wanted;
  if (!on) world.at(host).excuses = {};
  answer(world, host, on ? Event::hub_turned_on : Event::hub_proven_off);
}

void try_again(World& world, int host) {
  if (world.now >= world.at(host).hub.give_up) return answer(world, host, Event::hub_failed);
  world.after(repeat_after, host, world.at(host).hub.wish, call);
}

void be_slow(World& world, int host) {
  Hub& hub = world.at(host).hub;
  if (hub.delayed) return take_effect(world, host);
  hub.delayed = true;
  world.after(world.within(200ms, 4s), host, hub.wish, call);
}

void call(World& world, int host, Ticket wish) {
  Hub& hub = world.at(host).hub;
  if (hub.wish != wish || world.at(host).machine.state != Machine::State::up) return;
  if (!world.hubs_switch) return do_without(world, host);
  switch (hub.mode) {
    case Mode::fine:
      return take_effect(world, host);
    case Mode::slow:
      return be_slow(world, host);
    case Mode::stuck_on:
      if (hub.wanted) return take_effect(world, host);
      // A stick that is not there is as good as one without power, as far as anybody can see.
      if (!world.at(host).stick.visible) return answer(world, host, Event::hub_proven_off);
      return try_again(world, host);
    case Mode::stuck_off:
      if (!hub.wanted) return take_effect(world, host);
      return answer(world, host, Event::hub_turned_on);
    case Mode::failing:
      return try_again(world, host);
    case Mode::mute:
      return;
  }
}

}  // namespace

void wish(World& world, int host, bool on) {
  Hub& hub = world.at(host).hub;
  hub.wanted = on;
  hub.delayed = false;
  hub.give_up = world.now + effect_limit;
  world.after(world.within(20ms, 60ms), host, ++hub.wish, call);
}

void forget_wish(World& world, int host) {
  ++world.at(host).hub.wish;
}

void set_power(World& world, int host, bool on) {
  Host& it = world.at(host);
  if (!on) {
    it.excuses = {};
    if (it.hub.mode == Mode::fine) it.hub.troubled = false;
  }
  if (it.hub.power == on) return;
  it.hub.power = on;
  note(world, host, on ? "hub: power" : "hub: dark");
  stick::supply_changed(world, host);
}

}  // namespace pizwg::simulation::hub
