#include "core/toml_reader.h"

namespace pizwg {

Complaint read_text(const toml::node& node, std::string& out) {
  const auto value = node.value_exact<std::string>();
  if (!value) return "must be a text in double quotes";
  if (value->empty()) return "must not be empty";
  out = *value;
  return {};
}

Complaint read_integer(const toml::node& node, std::int64_t least, std::int64_t most, std::int64_t& out) {
  const auto value = node.value_exact<std::int64_t>();
  if (!value) return fmt::format("must be a whole number from {} to {}", least, most);
  if (*value < least || *value > most)
    return fmt::format("is {}, but must be from {} to {}", *value, least, most);
  out = *value;
  return {};
}

Complaint read_seconds(const toml::node& node, std::int64_t most, std::chrono::seconds& out) {
  std::int64_t seconds = 0;
  if (auto complaint = read_integer(node, 0, most, seconds)) return complaint;
  out = std::chrono::seconds(seconds);
  return {};
}

Complaint read_baud(const toml::node& node, unsigned& out) {
  static constexpr std::array<std::int64_t, 10> speeds{9600,   19200,  38400,  57600,  115200,
                                                       230400, 460800, 500000, 921600, 1000000};
  std::int64_t baud = 0;
  if (auto complaint = read_integer(node, speeds.front(), speeds.back(), baud)) return complaint;
  if (std::ranges::find(speeds, baud) == speeds.end()) {
    return fmt::format("is {}, but must be one of {}", baud, fmt::join(speeds, ", "));
  }
  out = static_cast<unsigned>(baud);
  return {};
}

std::unexpected<Error> fail_at(std::string_view file, const toml::source_region& place, std::string_view what,
                               std::string hint) {
  return fail(fmt::format("{}:{}:{}: {}", file, place.begin.line, place.begin.column, what), std::move(hint));
}

std::unexpected<Error> unknown_key(std::string_view file, const toml::key& key,
                                   std::span<const std::string_view> known) {
  const auto meant = did_you_mean(key.str(), known);
  return fail_at(file, key.source(), fmt::format("unknown key {}", in_quotes(key.str())),
                 meant ? fmt::format("did you mean {}?", in_quotes(*meant))
                       : fmt::format("the keys are {}", fmt::join(known, ", ")));
}

}  // namespace pizwg
