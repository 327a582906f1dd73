#include "sim/hub_question.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <fmt/format.h>
#include <sstream>

namespace pizwg::sim {
namespace {

// In the order of Ask.
constexpr std::array<std::string_view, 5> asks{"fault", "status", "off", "on", "toggle"};

}  // namespace

std::string to_line(const HubQuestion& question) {
  const bool described = question.descriptions == HubQuestion::Descriptions::wanted;
  return fmt::format("{} {} {} {}", asks.at(static_cast<std::size_t>(question.ask)), question.ports,
                     described ? 1 : 0, question.location);
}

std::optional<HubQuestion> parse_hub_question(std::string_view line) {
  std::istringstream words{std::string(line)};
  HubQuestion question;
  std::string ask;
  int described = 0;
  if (!(words >> ask >> question.ports >> described)) return std::nullopt;
  words >> question.location;
  const auto known = std::ranges::find(asks, ask);
  if (known == asks.end()) return std::nullopt;
  question.ask = static_cast<HubQuestion::Ask>(known - asks.begin());
  if (described == 0) question.descriptions = HubQuestion::Descriptions::unwanted;
  return question;
}

}  // namespace pizwg::sim
