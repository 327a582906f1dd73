#include "pizwg/arguments.h"

#include <algorithm>
#include <array>
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
  return misused(fmt::format("{} is only half of a command", in_quotes(name)),
                 fmt::format("pizwg {} followed by one of: {}", name, fmt::join(of_group, ", ")));
}

// The words of one command, split by CLI11 and not yet judged.
struct Split {
  Arguments arguments;
  bool help = false;
  std::vector<std::string> left_over;
};

// CLI11 takes "--force=false" for a flag that is there.
Outcome check_flags(const Command& command, std::span<const std::string> words) {
  for (const Option& option : command.options) {
    const std::string assigned = std::string(option.name) + "=";
    const bool given =
        std::ranges::any_of(words, [&](const std::string& word) { return word.starts_with(assigned); });
    if (option.value.empty() && given) {
      return misused(fmt::format("option {} takes no value", in_quotes(option.name)), see_help_of(command));
    }
  }
  return {};
}

std::expected<Split, Failure> split(const Command& command, std::vector<std::string> words) {
  CLI::App app;
  app.set_help_flag();
  app.allow_extras();
  Split result;
  std::string root;
  std::map<std::string, std::string> values;
  app.add_flag("-h,--help", result.help);
  app.add_option("--root", root);
  app.add_option("operands", result.arguments.operands);
  for (const Option& option : command.options) {
    if (option.value.empty()) {
      app.add_flag(std::string(option.name));
    } else {
      app.add_option(std::string(option.name), values[std::string(option.name)]);
    }
  }
  if (auto checked = check_flags(command, words); !checked) return std::unexpected(checked.error());
  // What follows "--" is no option, whatever it looks like.
  const auto end = std::ranges::find(words, "--");
  const std::vector<std::string> plain(end == words.end() ? end : end + 1, words.end());
  words.erase(end, words.end());
  std::ranges::reverse(words);  // as CLI11 wants them
  try {
    app.parse(std::move(words));
  } catch (const CLI::ParseError& error) {
    // Its text begins with the option's name; all that can be wrong here is a value that is missing.
    const std::string_view text = error.what();
    return misused(fmt::format("option {} needs a value", in_quotes(text.substr(0, text.find(':')))),
                   see_help_of(command));
  }
  for (const Option& option : command.options) {
    const std::string name(option.name);
    if (app.count(name) > 0) result.arguments.options.emplace(name, values[name]);
  }
  if (app.count("--root") > 0) result.arguments.root = root;
  result.arguments.operands.insert(result.arguments.operands.end(), plain.begin(), plain.end());
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
  const std::vector<std::string>& operands = split.arguments.operands;
  if (command.operand == Operand::required && operands.empty()) {
    return misused(fmt::format("{} is missing", command.operand_name), see_help_of(command));
  }
  const std::size_t most = command.operand == Operand::none ? 0 : 1;
  if (operands.size() > most) return misused("unexpected " + in_quotes(operands[most]), see_help_of(command));
  return CommandWanted{&command, std::move(split.arguments)};
}

std::expected<Wanted, Failure> parse_help(std::span<const std::string> words) {
  if (words.empty()) return HelpWanted{};
  if (const Command* command = find_command(words)) return HelpWanted{command};
  return unknown_command(words);
}

// How many words the options before the command are.
std::expected<std::size_t, Failure> count_leading(std::span<const std::string> words) {
  std::size_t count = 0;
  while (count < words.size() && words[count].starts_with('-')) {
    const std::string name = words[count].substr(0, words[count].find('='));
    if (name != "--root") {
      static constexpr std::array<std::string_view, 3> known{"--root", "--help", "--version"};
      return unknown("option", name, known, std::string(see_help));
    }
    count += words[count] == name ? 2 : 1;
  }
  if (count >= words.size()) return misused("no command", std::string(see_help));
  return count;
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
  const auto leading = count_leading(all);
  if (!leading) return std::unexpected(leading.error());
  const std::span rest = std::span(all).subspan(*leading);
  const Command* command = find_command(rest);
  if (!command) return unknown_command(rest);
  const std::size_t count = command->name.find(' ') == std::string_view::npos ? 1 : 2;
  std::vector<std::string> own(rest.begin() + static_cast<std::ptrdiff_t>(count), rest.end());
  own.insert(own.begin(), all.begin(), all.begin() + static_cast<std::ptrdiff_t>(*leading));
  auto parts = split(*command, std::move(own));
  if (!parts) return std::unexpected(parts.error());
  return judge(*command, std::move(*parts));
}

}  // namespace pizwg
