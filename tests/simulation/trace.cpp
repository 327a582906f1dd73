#include "simulation/trace.h"

#include <fmt/format.h>

namespace pizwg::simulation {
namespace {

std::string stamp(const World& world, int host) {
  const std::chrono::duration<double> time = world.now - (TimePoint{} + std::chrono::hours(1000));
  return fmt::format("{:10.3f}  {}", time.count(), host == no_host ? "-" : fmt::format("{}", host + 1));
}

std::string words(const std::vector<Action>& actions) {
  std::string text;
  for (const Action action : actions) text += fmt::format(" {}", word_for(action));
  return text;
}

}  // namespace

void note(const World& world, int host, std::string_view what, std::string_view detail) {
  if (!world.traced) return;
  fmt::print("{}  . {}{}{}\n", stamp(world, host), what, detail.empty() ? "" : ": ", detail);
}

void trace_beginning(const World& world, int host, const Step& first) {
  if (!world.traced) return;
  fmt::print("{}  begins {}{}\n", stamp(world, host), word_for(first.next.state), words(first.actions));
}

void trace_step(const World& world, int host, const Lifecycle& before, Event event, const Step& made) {
  if (!world.traced) return;
  fmt::print("{}  {}: {} -> {} ({}){}{}\n", stamp(world, host), word_for(before.state), word_for(event),
             word_for(made.next.state), word_for(made.next.fault), made.actions.empty() ? "" : ":",
             words(made.actions));
}

}  // namespace pizwg::simulation
