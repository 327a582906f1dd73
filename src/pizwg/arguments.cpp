#include "pizwg/arguments.h"

#include <algorithm>
#include <filesystem>
#include <fmt/format.h>
#include <optional>

#include <CLI/CLI.hpp>

#include "base/text.h"

namespace pizwg {
namespace {

constexpr std::string_view see_help = "pizwg --help lists the commands";

std::string see_help_of(const Command& command) {
  return fmt::format("pizwg help {}", command.name);
}

std::unexpected<Failure> unknown(std::string_view kind, std::string_view word,
                                 std::span<const std::string_view> candidates, std::string otherwise) {
  const auto meant = did_you_mean(word, candidates);
  return misused(fmt::format("unknown {} {}", kind, in_quotes(word)),
                 meant ? fmt::format("did you mean {}?", *meant) : std::move(otherwise));
}

// "pizwg-setup" is "setup"; "pizwg" is nothing.
std::optional<std::string> command_of_program(std::string_view program) {
  const std::string name = std::filesystem::path(program).filename();
  constexpr std::string_view prefix = "pizwg-";
  if (!name.starts_with(prefix)) return std::nullopt;
  return name.substr(prefix.size());
}

// Two words when the first begins a command of two: "client lst" is one mistake, not two.
std::string words_of_command(std::span<const std::string> words) {
  const std::string group = words[0] + " ";
  const bool is_group =
      std::ranges::any_of(commands(), [&](const Command& c) { return c.name.starts_with(group); });
  return is_group && words.size() > 1 && !words[1].starts_with('-') ? group + words[1] : words[0];
}

std::unexpected<Failure> unknown_command(std::span<const std::string> words) {
  const std::string name = words_of_command(words);
  std::vector<std::string_view> names;
  std::vector<std::string> of_group;
  for (const Command& command : commands()) {
    names.push_back(command.name);
    if (command.name.starts_with(name + " ")) of_group.emplace_back(command.name.substr(name.size() + 1));
  }
  if (of_group.empty()) return unknown("command", name, names, std::string(see_help));
  return misused(fmt::format("{} {} what?", in_quotes("pizwg"), in_quotes(name)),
                 fmt::format("pizwg {} {}", name, list_of(of_group)));
}

// The words of one command, split by CLI11 and not yet judged.
struct Split {
  Arguments arguments;
  bool help = false;
  std::vector<std::string> left_over;
};

std::expected<Split, Failure> split(const Command& command, std::vector<std::string> words) {
  CLI::App app;
  app.set_help_flag();
  app.allow_extras();
  Split result;
  std::string root;
  std::map<std::string, std::string> values;
  app.add_flag("-h,--help", result.help);
  app.add_option("--root", root);
  app.add_option("operand", result.arguments.operands)->expected(0, 1);
  for (const Option& option : command.options) {
    if (option.value.empty()) {
      app.add_flag(std::string(option.name));
    } else {
      app.add_option(std::string(option.name), values[std::string(option.name)]);
    }
  }
  std::ranges::reverse(words);  // as CLI11 wants them
  try {
    app.parse(std::move(words));
  } catch (const CLI::ParseError& error) {
    return misused(error.what(), see_help_of(command));
  }
  for (const Option& option : command.options) {
    const std::string name(option.name);
    if (app.count(name) > 0) result.arguments.options.emplace(name, values[name]);
  }
  if (app.count("--root") > 0) result.arguments.root = root;
  result.left_over = app.remaining();
  return result;
}

std::expected<Wanted, Failure> judge(const Command& command, Split split) {
  if (split.help) return HelpWanted{&command};
  for (const std::string& word : split.left_over) {
    if (!word.starts_with('-')) return misused("unexpected " + in_quotes(word), see_help_of(command));
    std::vector<std::string_view> names{"--root", "--help"};
    for (const Option& option : command.options) names.push_back(option.name);
    return unknown("option", word.substr(0, word.find('=')), names, see_help_of(command));
  }
  if (command.operand == Operand::required && split.arguments.operands.empty()) {
    return misused(fmt::format("{} is missing", command.operand_name), see_help_of(command));
  }
  if (command.operand == Operand::none && !split.arguments.operands.empty()) {
    return misused("unexpected " + in_quotes(split.arguments.operands.front()), see_help_of(command));
  }
  return CommandWanted{&command, std::move(split.arguments)};
}

std::expected<Wanted, Failure> parse_help(std::span<const std::string> words) {
  if (words.empty()) return HelpWanted{};
  if (const Command* command = find_command(words)) return HelpWanted{command};
  return unknown_command(words);
}

// Options before the command: they are moved behind it, where they mean the same.
std::expected<std::vector<std::string>, Failure> command_first(std::span<const std::string> words) {
  std::size_t first = 0;
  while (first < words.size() && words[first].starts_with('-')) {
    const std::string name = words[first].substr(0, words[first].find('='));
    if (name != "--root") {
      static constexpr std::array<std::string_view, 3> known{"--root", "--help", "--version"};
      return unknown("option", name, known, std::string(see_help));
    }
    first += words[first] == name ? 2 : 1;
  }
  if (first >= words.size()) return misused("no command", std::string(see_help));
  std::vector<std::string> moved(words.begin() + static_cast<std::ptrdiff_t>(first), words.end());
  moved.insert(moved.end(), words.begin(), words.begin() + static_cast<std::ptrdiff_t>(first));
  return moved;
}

}  // namespace

std::expected<Wanted, Failure> parse_command_line(std::string_view program,
                                                  std::span<const std::string> words) {
  std::vector<std::string> all(words.begin(), words.end());
  if (const auto command = command_of_program(program)) all.insert(all.begin(), *command);
  if (all.empty()) return misused("no command", std::string(see_help));
  if (all[0] == "--version") return VersionWanted{};
  if (all[0] == "--help" || all[0] == "-h") return HelpWanted{};
  if (all[0] == "help") return parse_help(std::span(all).subspan(1));
  const auto moved = command_first(all);
  if (!moved) return std::unexpected(moved.error());
  const Command* command = find_command(*moved);
  if (!command) return unknown_command(*moved);
  const std::size_t count = command->name.find(' ') == std::string_view::npos ? 1 : 2;
  auto parts = split(*command, {moved->begin() + static_cast<std::ptrdiff_t>(count), moved->end()});
  if (!parts) return std::unexpected(parts.error());
  return judge(*command, std::move(*parts));
}

}  // namespace pizwg
