#include "core/host_history.h"

#include <utility>

namespace pizwg {
namespace {

// A client that connects is served, or the gateway gets power for it.
bool can_serve(State state) {
  return state == State::waiting || state == State::ready || state == State::serving;
}

bool gives_up(State state) {
  return state == State::releasing || state == State::yielding;
}

// One that is opened is noted by whoever opens it.
bool proves_gateway(State before, Event event) {
  return event == Event::gateway_seen && before == State::proving;
}

}  // namespace

void HostHistory::stepped(const Lifecycle& before, Event event, const Lifecycle& after, const Now& now) {
  if (proves_gateway(before.state, event)) record_.gateway_proven = Moment::at(now);
  if (event == Event::hub_failed) ++record_.role.hub_failures;
  if (gives_up(after.state) && !gives_up(before.state)) gives_up_for_ = event;
  if (after.master != before.master) change_role(after, event, now);
  if (!elected_at_ || !can_serve(after.state)) return;
  const auto took = std::chrono::duration_cast<std::chrono::milliseconds>(now.steady - *elected_at_);
  elected_at_.reset();
  ++record_.role.failovers;
  record_.failover = Failover{.at = Moment::at(now), .took = took};
}

void HostHistory::change_role(const Lifecycle& after, Event event, const Now& now) {
  ++(after.master ? record_.role.became_master : record_.role.lost_master);
  elected_at_ = after.master ? std::optional(now.steady) : std::nullopt;
  const auto own_choice = std::exchange(gives_up_for_, std::nullopt);
  record_.role_change = RoleChange{.at = Moment::at(now),
                                   .master = after.master,
                                   .reason = after.master ? event : own_choice.value_or(event)};
}

}  // namespace pizwg
