#pragma once
// The lifecycle as a table, found out by trying every event in everything that a state may be.

#include <array>
#include <set>
#include <string>

#include "core/lifecycle.h"
#include "simulation/coverage.h"

namespace pizwg::simulation {

// What an event may lead to in a state: words for it.
using Outcomes = std::set<std::string>;

struct LifecycleTable {
  std::array<std::array<Outcomes, event_count>, state_count> leads_to;
};

LifecycleTable lifecycle_table();

// Markdown: each state's posture, and what each event leads to.
std::string markdown(const LifecycleTable& table);

}  // namespace pizwg::simulation
