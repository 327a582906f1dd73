#include "simulation/agenda.h"

#include <algorithm>

namespace pizwg::simulation {
namespace {

bool later(const Due& a, const Due& b) {
  return a.at != b.at ? a.at > b.at : a.order > b.order;
}

}  // namespace

void Agenda::plan(TimePoint at, int host, Ticket ticket, Happening happen) {
  due_.push_back({.at = at, .order = planned_++, .happen = happen, .host = host, .ticket = ticket});
  std::ranges::push_heap(due_, later);
}

Due Agenda::take_next() {
  std::ranges::pop_heap(due_, later);
  const Due next = due_.back();
  due_.pop_back();
  return next;
}

}  // namespace pizwg::simulation
