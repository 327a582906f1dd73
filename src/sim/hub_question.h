#pragma once
// What the uhubctl stand-in asks of the simulated hub, a line each. The hub answers with text to print, or
// with one of the words below.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace pizwg::sim {

struct HubQuestion {
  enum class Ask { fault, status, off, on, toggle };
  enum class Descriptions { wanted, unwanted };

  Ask ask = Ask::status;
  std::uint32_t ports = 0;  // bit 0: port 1
  Descriptions descriptions = Descriptions::wanted;
  std::string location{};  // "1-1"; empty: wherever the hub is

  bool operator==(const HubQuestion&) const = default;
};

std::string to_line(const HubQuestion& question);
std::optional<HubQuestion> parse_hub_question(std::string_view line);

// Where the hub is reached: the name of an environment variable, with the socket's path.
inline constexpr const char* hub_variable = "PIZWG_SIM_HUB";

// The hub's vendor and product: the ones of the Raspberry Pi 4's.
inline constexpr std::string_view hub_ids = "2109:3431";

// Answers to `fault`: how a call of uhubctl goes wrong. Otherwise: how many milliseconds it takes.
inline constexpr std::string_view hanging = "hang";
inline constexpr std::string_view denied = "deny";
// The answer of a hub that is not there.
inline constexpr std::string_view elsewhere = "elsewhere";

}  // namespace pizwg::sim
