#pragma once
// What is going to happen, in the order of its time; what is due at the same time, in the order of its
// planning.

#include <cstdint>
#include <vector>

#include "core/lifecycle.h"

namespace pizwg::simulation {

struct World;

// Who plans something that may become obsolete keeps a number, which is raised when it does: what happens
// compares the ticket it was given.
using Ticket = std::uint32_t;
using Happening = void (*)(World&, int host, Ticket ticket);

struct Due {
  TimePoint at;
  std::uint64_t order;
  Happening happen;
  int host;
  Ticket ticket;
};

class Agenda {
 public:
  Agenda() { due_.reserve(256); }

  void plan(TimePoint at, int host, Ticket ticket, Happening happen);
  bool empty() const { return due_.empty(); }
  Due take_next();

 private:
  std::vector<Due> due_;  // a heap
  std::uint64_t planned_ = 0;
};

}  // namespace pizwg::simulation
