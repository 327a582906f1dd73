// pizwg-simulate [--seeds N] [--from N] [--seed N] [--mutations]: many runs, or one with its trace.

#include <fmt/format.h>

#include <CLI/CLI.hpp>

#include "simulation/report.h"
#include "simulation/schedule.h"

namespace pizwg::simulation {
namespace {

struct Options {
  std::uint64_t from = 1;
  std::uint64_t seeds = 1000;
  std::uint64_t seed = 0;
  bool mutations = false;
  bool incomplete = false;
};

int replay(std::uint64_t seed) {
  Coverage coverage;
  const std::string broken = simulate({.seed = seed, .traced = true}, coverage);
  if (broken.empty()) {
    fmt::print("seed {}: no rule was broken\n", seed);
    return 0;
  }
  fmt::print("seed {}: {}\n", seed, broken);
  return 1;
}

int run_all(const Options& options) {
  Coverage coverage;
  for (std::uint64_t seed = options.from; seed < options.from + options.seeds; ++seed) {
    if (simulate({.seed = seed}, coverage).empty()) continue;
    replay(seed);
    fmt::print("replay it: make simulate SEED={}\n", seed);
    return 1;
  }
  report(coverage);
  if (options.incomplete) return 0;
  const std::string missing = what_is_missing(coverage);
  if (missing.empty()) return 0;
  fmt::print("never visited:\n{}", missing);
  return 1;
}

// How many runs it takes until a broken rule is noticed.
int try_mutations(const Options& options) {
  int missed = 0;
  for (int i = 1; i <= static_cast<int>(last_mutation); ++i) {
    const auto mutation = static_cast<Mutation>(i);
    Coverage coverage;
    std::string broken;
    std::uint64_t runs = 0;
    while (broken.empty() && runs < options.seeds) {
      broken = simulate({.seed = options.from + runs++, .mutation = mutation}, coverage);
    }
    fmt::print("{:22} {}\n", word_for(mutation),
               broken.empty() ? "NOT NOTICED" : fmt::format("noticed in run {}: {}", runs, broken));
    if (broken.empty()) ++missed;
  }
  return missed == 0 ? 0 : 1;
}

}  // namespace
}  // namespace pizwg::simulation

int main(int argc, char** argv) {
  using namespace pizwg::simulation;
  Options options;
  CLI::App app{"Simulates hosts, their network, hubs, gateways and clients around the real lifecycle."};
  app.add_option("--seeds", options.seeds, "how many runs");
  app.add_option("--from", options.from, "the first seed");
  app.add_option("--seed", options.seed, "this one run, with its trace");
  app.add_flag("--mutations", options.mutations, "break one rule after the other; each must be noticed");
  app.add_flag("--incomplete", options.incomplete, "too few runs to visit everything");
  CLI11_PARSE(app, argc, argv);
  if (options.mutations) return try_mutations(options);
  return options.seed != 0 ? replay(options.seed) : run_all(options);
}
