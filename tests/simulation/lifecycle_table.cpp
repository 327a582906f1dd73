#include "simulation/lifecycle_table.h"

#include <algorithm>
#include <fmt/format.h>
#include <vector>

#include "simulation/lifecycle_variants.h"

namespace pizwg::simulation {
namespace {

using Hub = Posture::Hub;

const std::string settled = "*settled*";
const Outcomes where_one_settles{"maintenance", "unprovisioned", "faulty", "standby", "taking-over"};

bool orders_something(const Step& made) {
  return std::ranges::any_of(made.actions, [](Action action) { return action != Action::end_session; });
}

// Empty: nothing but perhaps a note for later.
std::string outcome_of(const Lifecycle& before, const Step& made) {
  if (made.next.state != before.state || made.next.since != before.since) {
    return std::string(word_for(made.next.state));
  }
  if (orders_something(made)) return fmt::format("({})", word_for(made.actions.front()));
  return made.next.deadline != before.deadline ? "(waits on)" : "";
}

// Most of where settling leads to, or all: which of it depends on what is known.
Outcomes shortened(Outcomes outcomes) {
  Outcomes common;
  std::ranges::set_intersection(outcomes, where_one_settles, std::inserter(common, common.end()));
  if (common.size() < 3) return outcomes;
  for (const std::string& one : common) outcomes.erase(one);
  outcomes.insert(settled);
  return outcomes;
}

std::string_view word_for_hub(Hub hub) {
  switch (hub) {
    case Hub::off:
      return "off";
    case Hub::turning_off:
      return "turning off";
    case Hub::on:
      return "on";
  }
  return "";
}

// A port that is open under one policy only says under which.
std::string word_for_port(bool open, bool open_for_client) {
  if (open != open_for_client) return open ? "open, master" : "open, client";
  return open ? "open" : "closed";
}

std::string posture_row(State state) {
  const Posture by_master = posture({.energise = Energise::master}, state);
  const Posture by_client = posture({.energise = Energise::client}, state);
  return fmt::format("| {:13} | {:11} | {:4} | {:7} | {:12} |\n", word_for(state),
                     word_for_hub(by_master.hub), by_master.veto ? "set" : "-",
                     by_master.gateway_open ? "open" : "closed",
                     word_for_port(by_master.listening, by_client.listening));
}

template <typename Range>
std::string joined(const Range& words) {
  return fmt::format("{}", fmt::join(words, ", "));
}

struct Row {
  std::vector<std::string_view> events;
  Outcomes outcomes;
};

// Events with the same outcomes share a row.
std::vector<Row> rows_of(const std::array<Outcomes, event_count>& leads_to) {
  std::vector<Row> rows;
  for (std::size_t e = 0; e < event_count; ++e) {
    const Outcomes outcomes = shortened(leads_to[e]);
    if (outcomes.empty()) continue;
    auto row = std::ranges::find(rows, outcomes, &Row::outcomes);
    if (row == rows.end()) row = rows.insert(rows.end(), Row{.events = {}, .outcomes = outcomes});
    row->events.push_back(word_for(static_cast<Event>(e)));
  }
  return rows;
}

// As many words a line as there is room for.
std::vector<std::string> lines_of(const std::vector<std::string_view>& words) {
  std::vector<std::string> lines;
  for (const std::string_view word : words) {
    const bool fits = !lines.empty() && lines.back().size() + word.size() + 2 <= 64;
    if (fits) {
      lines.back() += fmt::format(", {}", word);
    } else {
      lines.emplace_back(word);
    }
  }
  return lines;
}

std::string event_rows(State state, const LifecycleTable& table) {
  std::string text;
  std::string_view name = word_for(state);
  for (const Row& row : rows_of(table.leads_to[static_cast<std::size_t>(state)])) {
    for (const std::string& events : lines_of(row.events)) {
      text += fmt::format("| {:13} | {:64} | {:31} |\n", name, events, joined(row.outcomes));
      name = "";
    }
  }
  return text;
}

}  // namespace

LifecycleTable lifecycle_table() {
  LifecycleTable table;
  const TimePoint now = TimePoint{} + std::chrono::hours(1000);
  for (std::size_t s = 0; s < state_count; ++s) {
    for (const Variant& from : variants_of(static_cast<State>(s), now)) {
      for (std::size_t e = 0; e < event_count; ++e) {
        const Step made = taken(from, static_cast<Event>(e), now);
        const std::string outcome = outcome_of(from.lifecycle, made);
        if (!outcome.empty()) table.leads_to[s][e].insert(outcome);
      }
    }
  }
  return table;
}

std::string markdown(const LifecycleTable& table) {
  std::string text = "| state         | hub         | veto | gateway | port 3333    |\n";
  text += "|---------------|-------------|------|---------|--------------|\n";
  for (std::size_t s = 0; s < state_count; ++s) text += posture_row(static_cast<State>(s));
  text += fmt::format("\n| {:13} | {:64} | {:31} |\n", "in", "these events", "lead to");
  text += fmt::format("|-{:-<13}-|-{:-<64}-|-{:-<31}-|\n", "", "", "");
  for (std::size_t s = 0; s < state_count; ++s) text += event_rows(static_cast<State>(s), table);
  return text;
}

}  // namespace pizwg::simulation
