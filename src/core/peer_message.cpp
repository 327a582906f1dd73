#include "core/peer_message.h"

#include <algorithm>
#include <array>
#include <fmt/format.h>

namespace pizwg {
namespace {

constexpr std::size_t longest_name = 64;
constexpr std::size_t longest_state = 32;

bool may_be_in_a_name(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '-' ||
         c == '_';
}

bool is_word(std::string_view text, std::size_t longest) {
  return !text.empty() && text.size() <= longest && std::ranges::all_of(text, may_be_in_a_name);
}

std::string_view take_word(std::string_view& text) {
  const auto end = std::min(text.find(' '), text.size());
  const std::string_view word = text.substr(0, end);
  text.remove_prefix(std::min(end + 1, text.size()));
  return word;
}

}  // namespace

std::string format_peer_message(const HostSummary& host) {
  return fmt::format("pizwg 1 {} {} {}\n", host.name, host.state, host.fit ? "fit" : "unfit");
}

std::optional<HostSummary> parse_peer_message(std::string_view line) {
  if (line.size() > longest_peer_message) return std::nullopt;
  if (take_word(line) != "pizwg" || take_word(line) != "1") return std::nullopt;
  const std::string_view name = take_word(line);
  const std::string_view state = take_word(line);
  const std::string_view fitness = take_word(line);
  if (!is_word(name, longest_name) || !is_word(state, longest_state)) return std::nullopt;
  if (fitness != "fit" && fitness != "unfit") return std::nullopt;
  return HostSummary{.name = std::string(name), .state = std::string(state), .fit = fitness == "fit"};
}

std::string host_name_for(std::string_view name) {
  std::string text(name.substr(0, longest_name));
  std::ranges::replace_if(
      text, [](char c) { return !may_be_in_a_name(c); }, '-');
  return text.empty() ? "unnamed" : text;
}

}  // namespace pizwg
