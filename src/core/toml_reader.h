#pragma once
// What configuration files have in common: a table of keys, each with a function that reads its value
// strictly, and errors that name file, line and column. Not which keys there are.

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdint>
#include <fmt/format.h>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <toml++/toml.h>

#include "base/error.h"
#include "base/text.h"

namespace pizwg {

// What is wrong with a value, without the place; the caller knows that.
using Complaint = std::optional<std::string>;

Complaint read_text(const toml::node& node, std::string& out);
Complaint read_integer(const toml::node& node, std::int64_t least, std::int64_t most, std::int64_t& out);
Complaint read_seconds(const toml::node& node, std::int64_t most, std::chrono::seconds& out);
// A speed that Linux's termios has a constant for and that gateways use.
Complaint read_baud(const toml::node& node, unsigned& out);

// One of a few words, each with its value.
template <typename Value, std::size_t count>
Complaint read_word(const toml::node& node,
                    const std::array<std::pair<std::string_view, Value>, count>& words, Value& out) {
  std::string text;
  if (auto complaint = read_text(node, text)) return complaint;
  const auto found = std::ranges::find(words, text, &std::pair<std::string_view, Value>::first);
  if (found != words.end()) return out = found->second, std::nullopt;
  std::vector<std::string> known;
  for (const auto& [word, value] : words) known.push_back(in_quotes(word));
  return fmt::format("is {}, but must be {}", in_quotes(text), fmt::join(known, " or "));
}

template <typename Config>
struct Key {
  std::string_view name;
  Complaint (*read)(const toml::node&, Config&);
};

std::unexpected<Error> fail_at(std::string_view file, const toml::source_region& place, std::string_view what,
                               std::string hint = {});
std::unexpected<Error> unknown_key(std::string_view file, const toml::key& key,
                                   std::span<const std::string_view> known);

template <typename Config, std::size_t count>
Result<Config> read_table(const toml::table& table, std::string_view file,
                          const std::array<Key<Config>, count>& keys) {
  Config config;
  for (const auto& [name, node] : table) {
    const auto key = std::ranges::find(keys, name.str(), &Key<Config>::name);
    if (key == keys.end()) {
      std::array<std::string_view, count> names;
      std::ranges::transform(keys, names.begin(), &Key<Config>::name);
      return unknown_key(file, name, names);
    }
    if (const auto complaint = key->read(node, config)) {
      return fail_at(file, node.source(), fmt::format("{} {}", key->name, *complaint));
    }
  }
  return config;
}

// `example` is the hint for a text that is not TOML.
template <typename Config, std::size_t count>
Result<Config> read_toml(std::string_view text, std::string_view file,
                         const std::array<Key<Config>, count>& keys, std::string_view example) {
  try {
    return read_table(toml::parse(text), file, keys);
  } catch (const toml::parse_error& error) {
    return fail_at(file, error.source(), fmt::format("not TOML: {}", error.description()),
                   std::string(example));
  }
}

}  // namespace pizwg
