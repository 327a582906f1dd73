#include "sim/command.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <fmt/format.h>
#include <vector>

#include "base/text.h"
#include "sim/controller.h"

namespace pizwg::sim {
namespace {

struct Entry {
  std::string_view name;
  std::string_view arguments;
  Verb verb;
  std::string_view help;
};

constexpr std::array<Entry, 19> table{{
    {"unplug", "", Verb::unplug, "pull the stick out; ends silence and stall"},
    {"plug", "", Verb::plug, "put it back: a new tty behind the same link"},
    {"dead", "on|off", Verb::dead, "power or not, it does not start"},
    {"silence", "on|off", Verb::silence, "read everything, answer nothing"},
    {"stall", "on|off", Verb::stall, "do not even read"},
    {"garbage", "N", Verb::garbage, "say N pseudo-random bytes"},
    {"slow", "MS", Verb::slow, "wait MS milliseconds before every answer"},
    {"radio", "MS", Verb::radio, "nodes take MS milliseconds to acknowledge and to answer"},
    {"pace", "BAUD", Verb::pace, "pass bytes at BAUD bits a second, 0 for no limit"},
    {"report", "NODE on|off", Verb::report, "press the switch of a node, which reports it"},
    {"supply", "on|off", Verb::supply, "hub: the mains; on powers every port"},
    {"stuck", "on|off", Verb::stuck, "hub: switching off does nothing"},
    {"lie", "on|off", Verb::lie, "hub: the same, and it says off"},
    {"late", "MS", Verb::late, "hub: switches MS milliseconds later"},
    {"lag", "MS", Verb::lag, "hub: uhubctl takes MS milliseconds"},
    {"hang", "on|off", Verb::hang, "hub: uhubctl does not end"},
    {"deny", "on|off", Verb::deny, "hub: uhubctl is not permitted"},
    {"help", "", Verb::help, "show this list"},
    {"quit", "", Verb::quit, "end the program"},
}};

std::vector<std::string_view> words_of(std::string_view line) {
  constexpr std::string_view white = " \t\r\n";
  std::vector<std::string_view> words;
  for (line = trimmed(line); !line.empty(); line = trimmed(line)) {
    const std::size_t end = std::min(line.find_first_of(white), line.size());
    words.push_back(line.substr(0, end));
    line.remove_prefix(end);
  }
  return words;
}

std::unexpected<Error> unknown(std::string_view word) {
  std::array<std::string_view, table.size()> names;
  std::ranges::transform(table, names.begin(), &Entry::name);
  const auto near = did_you_mean(word, names);
  return fail(fmt::format("unknown command {}", in_quotes(word)),
              near ? fmt::format("did you mean {}", *near) : "type help for the list");
}

std::size_t count_words(std::string_view arguments) {
  return words_of(arguments).size();
}

Result<bool> parse_switch(std::string_view text) {
  if (text == "on") return true;
  if (text == "off") return false;
  return fail(fmt::format("bad value {}", in_quotes(text)), "say on or off");
}

template <typename Value, typename Field>
Result<Command> with(Command command, Field Command::*field, Result<Value> value) {
  if (!value) return std::unexpected(value.error());
  command.*field = static_cast<Field>(*value);
  return command;
}

Result<Command> parse_report(Command command, std::string_view node, std::string_view on) {
  const auto with_node =
      with(command, &Command::node, parse_number("a node", node, own_node + 1U, largest_node));
  if (!with_node) return with_node;
  return with(*with_node, &Command::on, parse_switch(on));
}

}  // namespace

Result<Command> parse_command(std::string_view line) {
  const auto words = words_of(line);
  if (words.empty()) return fail("no command", "type help for the list");
  const auto entry = std::ranges::find(table, words[0], &Entry::name);
  if (entry == table.end()) return unknown(words[0]);
  if (words.size() - 1 != count_words(entry->arguments)) {
    return fail(fmt::format("wrong number of words in {}", in_quotes(trimmed(line))),
                fmt::format("type {}", trimmed(fmt::format("{} {}", entry->name, entry->arguments))));
  }
  const Command command{.verb = entry->verb};
  switch (entry->verb) {
    case Verb::dead:
    case Verb::silence:
    case Verb::stall:
    case Verb::supply:
    case Verb::stuck:
    case Verb::lie:
    case Verb::hang:
    case Verb::deny:
      return with(command, &Command::on, parse_switch(words[1]));
    case Verb::garbage:
      return with(command, &Command::number, parse_number("a number of bytes", words[1], 1, largest_garbage));
    case Verb::slow:
    case Verb::radio:
    case Verb::late:
    case Verb::lag:
      return with(command, &Command::number, parse_number("a delay", words[1], 0, largest_delay));
    case Verb::pace:
      return with(command, &Command::number, parse_baud("a pace", words[1]));
    case Verb::report:
      return parse_report(command, words[1], words[2]);
    case Verb::unplug:
    case Verb::plug:
    case Verb::help:
    case Verb::quit:
      return command;
  }
  return command;
}

Result<unsigned> parse_number(std::string_view name, std::string_view text, unsigned least, unsigned most) {
  unsigned number = 0;
  const char* end = text.data() + text.size();
  const auto [stopped, error] = std::from_chars(text.data(), end, number);
  if (error == std::errc() && stopped == end && number >= least && number <= most) return number;
  return fail(fmt::format("bad value {} for {}", in_quotes(text), name),
              fmt::format("give a whole number from {} to {}", least, most));
}

Result<unsigned> parse_baud(std::string_view name, std::string_view text) {
  if (text == "0") return 0U;
  auto baud = parse_number(name, text, smallest_baud, largest_baud);
  if (!baud) baud.error().hint += ", or 0 for no limit";
  return baud;
}

std::string command_help() {
  std::string text;
  for (const Entry& entry : table) {
    text += fmt::format("{:20} {}\n", fmt::format("{} {}", entry.name, entry.arguments), entry.help);
  }
  return text;
}

}  // namespace pizwg::sim
