#include "core/host_record.h"

#include <charconv>
#include <fmt/format.h>
#include <map>

namespace pizwg {
namespace {

using Entries = std::map<std::string, std::string, std::less<>>;

// Every number of the record with its name: for writing and reading alike.
template <typename Visit>
void visit_numbers(HostRecord& record, Visit visit) {
  SessionCounts& sessions = record.sessions;
  GatewayCounts& gateway = record.gateway;
  RoleCounts& role = record.role;
  visit("sessions_started", sessions.started);
  for (std::size_t i = 0; i < SessionEndTally::size; ++i) {
    const auto why = SessionEndTally::word(i);
    visit(fmt::format("sessions_ended.{}", word_for(why)), sessions.ended[why]);
  }
  for (std::size_t i = 0; i < RefusalTally::size; ++i) {
    const auto why = RefusalTally::word(i);
    visit(fmt::format("refused.{}", word_for(why)), sessions.refused[why]);
  }
  visit("from_client.bytes", sessions.from_client.bytes);
  visit("from_client.records", sessions.from_client.records);
  visit("to_client.bytes", sessions.to_client.bytes);
  visit("to_client.records", sessions.to_client.records);
  visit("dropped_bytes", sessions.dropped_bytes);
  visit("gateway_hang_ups", gateway.hang_ups);
  visit("gateway_returns", gateway.returns);
  visit("gateway_open_failures", gateway.open_failures);
  visit("became_master", role.became_master);
  visit("lost_master", role.lost_master);
  visit("failovers", role.failovers);
  visit("hub_failures", role.hub_failures);
}

template <typename Number>
std::optional<Number> number(std::string_view text) {
  Number value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

std::string_view take_word(std::string_view& text, char separator) {
  const auto end = std::min(text.find(separator), text.size());
  const std::string_view word = text.substr(0, end);
  text.remove_prefix(std::min(end + 1, text.size()));
  return word;
}

// "STEADY WALL", both in milliseconds.
std::string words_of(const Moment& moment) {
  using std::chrono::duration_cast;
  using std::chrono::milliseconds;
  const auto wall = moment.wall.time_since_epoch().count();
  if (!moment.steady) return fmt::format("- {}", wall);
  return fmt::format("{} {}", duration_cast<milliseconds>(moment.steady->time_since_epoch()).count(), wall);
}

std::optional<Moment> take_moment(std::string_view& text, bool this_boot) {
  const auto steady = number<std::int64_t>(take_word(text, ' '));
  const auto wall = number<std::int64_t>(take_word(text, ' '));
  if (!wall) return std::nullopt;
  Moment moment{.wall = WallTime(std::chrono::milliseconds(*wall))};
  if (this_boot && steady) moment.steady = TimePoint(std::chrono::milliseconds(*steady));
  return moment;
}

std::optional<Moment> read_moment(const Entries& entries, std::string_view name, bool this_boot) {
  const auto entry = entries.find(name);
  if (entry == entries.end()) return std::nullopt;
  std::string_view text(entry->second);
  return take_moment(text, this_boot);
}

std::optional<Failover> read_failover(const Entries& entries, bool this_boot) {
  const auto entry = entries.find("failover");
  if (entry == entries.end()) return std::nullopt;
  std::string_view text(entry->second);
  const auto at = take_moment(text, this_boot);
  const auto took = number<std::int64_t>(text);
  if (!at || !took) return std::nullopt;
  return Failover{.at = *at, .took = std::chrono::milliseconds(*took)};
}

// "line_errors 0 0 2 0 1": there also when all are 0, as that is known then.
std::string words_of(const LineErrorTally& errors) {
  std::string text;
  for (std::size_t i = 0; i < LineErrorTally::size; ++i)
    text += fmt::format(" {}", errors[LineErrorTally::word(i)]);
  return text;
}

std::optional<LineErrorTally> read_line_errors(const Entries& entries) {
  const auto entry = entries.find("line_errors");
  if (entry == entries.end()) return std::nullopt;
  std::string_view text(entry->second);
  LineErrorTally errors;
  for (std::size_t i = 0; i < LineErrorTally::size; ++i)
    errors[LineErrorTally::word(i)] = number<std::uint64_t>(take_word(text, ' ')).value_or(0);
  return errors;
}

std::optional<RoleChange> read_role_change(const Entries& entries, bool this_boot) {
  const auto entry = entries.find("role_change");
  if (entry == entries.end()) return std::nullopt;
  std::string_view text(entry->second);
  const auto at = take_moment(text, this_boot);
  const bool master = take_word(text, ' ') == "master";
  const auto reason = value_of<EventTally>(text);
  if (!at || !reason) return std::nullopt;
  return RoleChange{.at = *at, .master = master, .reason = *reason};
}

Entries split(std::string_view text) {
  Entries entries;
  while (!text.empty()) {
    std::string_view line = take_word(text, '\n');
    const std::string_view name = take_word(line, ' ');
    entries.emplace(name, line);
  }
  return entries;
}

}  // namespace

std::string format_record(const HostRecord& record, std::string_view boot) {
  HostRecord copy = record;
  std::string text = fmt::format("boot {}\n", boot);
  visit_numbers(copy, [&text](std::string_view name, std::uint64_t value) {
    if (value > 0) text += fmt::format("{} {}\n", name, value);
  });
  if (const auto& errors = record.gateway.line_errors)
    text += fmt::format("line_errors{}\n", words_of(*errors));
  if (record.gateway_proven) text += fmt::format("gateway_proven {}\n", words_of(*record.gateway_proven));
  if (record.served) text += fmt::format("served {}\n", words_of(*record.served));
  if (const auto& failover = record.failover) {
    text += fmt::format("failover {} {}\n", words_of(failover->at), failover->took.count());
  }
  if (const auto& change = record.role_change) {
    text += fmt::format("role_change {} {} {}\n", words_of(change->at), change->master ? "master" : "standby",
                        word_for(change->reason));
  }
  return text;
}

HostRecord parse_record(std::string_view text, std::string_view boot) {
  const Entries entries = split(text);
  const auto written_in = entries.find("boot");
  const bool this_boot = written_in != entries.end() && written_in->second == boot;
  HostRecord record;
  visit_numbers(record, [&entries](std::string_view name, std::uint64_t& value) {
    const auto entry = entries.find(name);
    if (entry != entries.end()) value = number<std::uint64_t>(entry->second).value_or(0);
  });
  record.gateway.line_errors = read_line_errors(entries);
  record.gateway_proven = read_moment(entries, "gateway_proven", this_boot);
  record.served = read_moment(entries, "served", this_boot);
  record.failover = read_failover(entries, this_boot);
  record.role_change = read_role_change(entries, this_boot);
  return record;
}

}  // namespace pizwg
