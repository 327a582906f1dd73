#include "sim/uhubctl_options.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <cmath>
#include <cstdlib>
#include <fmt/format.h>
#include <getopt.h>
#include <optional>
#include <string_view>

namespace pizwg::sim {
namespace {

using Action = UhubctlOptions::Action;

constexpr unsigned most_ports = 14;
constexpr const char* help_hint = "Run with -h to get usage info.\n";

constexpr std::array<option, 17> long_options{{
    {"location", required_argument, nullptr, 'l'},
    {"vendor", required_argument, nullptr, 'n'},
    {"search", required_argument, nullptr, 's'},
    {"level", required_argument, nullptr, 'L'},
    {"ports", required_argument, nullptr, 'p'},
    {"action", required_argument, nullptr, 'a'},
    {"delay", required_argument, nullptr, 'd'},
    {"repeat", required_argument, nullptr, 'r'},
    {"wait", required_argument, nullptr, 'w'},
    {"exact", no_argument, nullptr, 'e'},
    {"force", no_argument, nullptr, 'f'},
    {"nodesc", no_argument, nullptr, 'N'},
    {"nosysfs", no_argument, nullptr, 'S'},
    {"reset", no_argument, nullptr, 'R'},
    {"version", no_argument, nullptr, 'v'},
    {"help", no_argument, nullptr, 'h'},
    {nullptr, 0, nullptr, 0},
}};

constexpr std::string_view usage =
    "uhubctl of pizwg-sim: switches the simulated hub that PIZWG_SIM_HUB names.\n"
    "  -l, --location PLACE   the hub's place, such as 1-1\n"
    "  -p, --ports LIST       which ports, such as 1,3-4; all without\n"
    "  -a, --action ACTION    off, on, cycle or toggle (0 to 3); shows the status without\n"
    "  -d, --delay SECONDS    of cycle, between off and on\n"
    "  -n, --vendor ID        the beginning of the hub's vendor:product\n"
    "  -N, --nodesc           do not describe devices\n"
    "  -v, --version   -h, --help\n"
    "Without an effect: -e -f -r -w -S. Not simulated: -L -R -s.\n";

std::string lower(std::string_view text) {
  std::string word(text);
  std::ranges::transform(word, word.begin(),
                         [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return word;
}

// An unknown word is no action, and no error: so does uhubctl.
Action parse_action(std::string_view text) {
  const std::string word = lower(text);
  if (word == "off" || word == "0") return Action::off;
  if (word == "on" || word == "1") return Action::on;
  if (word == "cycle" || word == "2") return Action::cycle;
  if (word == "toggle" || word == "3") return Action::toggle;
  return Action::none;
}

// As atoi(): what is no number is 0.
unsigned number(std::string_view text) {
  unsigned value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

UhubctlEnd bad_ports(unsigned first, unsigned last) {
  if (first > last) {
    return {.errors = fmt::format("Bad port spec {}-{}, first port must be less than last\n", first, last)};
  }
  return {.errors = fmt::format("Bad port spec {}-{}, port numbers must be from 1 to {}\n", first, last,
                                most_ports)};
}

// "1,3-5": a bit for each.
std::variant<std::uint32_t, UhubctlEnd> parse_ports(std::string_view list) {
  std::uint32_t ports = 0;
  for (std::size_t begin = 0; begin <= list.size();) {
    const std::size_t end = std::min(list.find(',', begin), list.size());
    const std::string_view range = list.substr(begin, end - begin);
    const auto dash = range.find('-');
    const unsigned first = number(range);
    const unsigned last = dash == std::string_view::npos ? first : number(range.substr(dash + 1));
    if (first > last || first < 1 || last > most_ports) return bad_ports(first, last);
    for (unsigned port = first; port <= last; ++port) ports |= 1U << (port - 1);
    begin = end + 1;
  }
  return ports;
}

std::optional<UhubctlEnd> take_ports(std::string_view list, UhubctlOptions& options) {
  if (list.empty() || lower(list) == "all") return {};
  const auto ports = parse_ports(list);
  if (const auto* wrong = std::get_if<UhubctlEnd>(&ports)) return *wrong;
  options.ports = std::get<std::uint32_t>(ports);
  return {};
}

// Nothing while there is more to read.
std::optional<UhubctlEnd> take(int letter, const char* value, UhubctlOptions& options) {
  switch (letter) {
    case 'l':
      options.location = value;
      return {};
    case 'n':
      options.vendor = value;
      return {};
    case 'p':
      return take_ports(value, options);
    case 'a':
      options.action = parse_action(value);
      return {};
    case 'd':
      options.cycle_delay = std::chrono::milliseconds(std::lround(std::atof(value) * 1000));
      return {};
    case 'N':
      options.descriptions = false;
      return {};
    case 'r':
    case 'w':
    case 'e':
    case 'f':
    case 'S':
      return {};
    case 'L':
    case 'R':
    case 's':
      return UhubctlEnd{.errors = fmt::format("-{} is not simulated\n", static_cast<char>(letter))};
    case 'v':
      return UhubctlEnd{.status = 0, .output = "2.5.0 (pizwg-sim)\n"};
    case 'h':
      return UhubctlEnd{.output = std::string(usage)};
    default:  // getopt_long() has said what is wrong
      return UhubctlEnd{.errors = help_hint};
  }
}

}  // namespace

std::variant<UhubctlOptions, UhubctlEnd> parse_uhubctl(std::vector<std::string> words) {
  std::vector<char*> arguments;
  for (std::string& word : words) arguments.push_back(word.data());
  arguments.push_back(nullptr);
  const int count = static_cast<int>(words.size());
  UhubctlOptions options;
  optind = 0;  // begins anew
  while (true) {
    const int letter =
        getopt_long(count, arguments.data(), "l:L:n:a:p:d:r:w:s:hvefRNS", long_options.data(), nullptr);
    if (letter == -1) break;
    if (auto end = take(letter, optarg, options)) return *end;
  }
  if (optind < count) return UhubctlEnd{.errors = fmt::format("Invalid command line syntax!\n{}", help_hint)};
  return options;
}

}  // namespace pizwg::sim
