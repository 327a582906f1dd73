#include "simulation/report.h"

#include <algorithm>
#include <fmt/format.h>

#include "simulation/checks.h"
#include "simulation/faults.h"
#include "simulation/lifecycle_table.h"

namespace pizwg::simulation {
namespace {

double seconds(Duration time) {
  return std::chrono::duration<double>(time).count();
}

std::size_t how_many(const Coverage::Counts& counts) {
  std::size_t some = 0;
  for (const auto& row : counts)
    some += static_cast<std::size_t>(std::ranges::count_if(row, [](auto n) { return n > 0; }));
  return some;
}

}  // namespace

void report(const Coverage& coverage) {
  fmt::print("{} runs, {} steps, {} restarts of machines\n", coverage.runs, coverage.steps,
             coverage.restarts);
  fmt::print("{} pairs of state and event visited, {} of them lead somewhere\n", how_many(coverage.visited),
             how_many(coverage.led_somewhere));
  fmt::print("service was back at the latest {:.1f} s after everything was mended (seed {})\n",
             seconds(coverage.longest_recovery), coverage.slowest_seed);
  fmt::print("\nfault                     times   longest outage, alone\n");
  const auto faults = all_disturbances();
  for (std::size_t i = 0; i < faults.size(); ++i) {
    const bool known = faults[i].outage > Duration(0);
    fmt::print("{:22} {:8}   {}\n", faults[i].word, coverage.injected[i],
               known ? fmt::format("{:.1f} s", seconds(coverage.longest_outage[i])) : "-");
  }
  fmt::print("\ntwo on the air because of    at most\n");
  for (std::size_t i = 0; i <= static_cast<std::size_t>(Cause::partition); ++i) {
    fmt::print("{:22} {:10.2f} s\n", word_for(static_cast<Cause>(i)), seconds(coverage.longest_overlap[i]));
  }
}

std::string what_is_missing(const Coverage& coverage) {
  std::string missing;
  const auto faults = all_disturbances();
  for (std::size_t i = 0; i < faults.size(); ++i) {
    if (coverage.injected[i] == 0) missing += fmt::format("{}\n", faults[i].word);
  }
  const LifecycleTable table = lifecycle_table();
  for (std::size_t s = 0; s < state_count; ++s) {
    for (std::size_t e = 0; e < event_count; ++e) {
      const bool means_something = !table.leads_to[s][e].empty();
      if (!means_something || coverage.visited[s][e] > 0) continue;
      missing += fmt::format("{}: {}\n", word_for(static_cast<State>(s)), word_for(static_cast<Event>(e)));
    }
  }
  return missing;
}

}  // namespace pizwg::simulation
