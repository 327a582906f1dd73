#include "sim/uhubctl.h"

#include <array>
#include <charconv>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <fmt/format.h>
#include <getopt.h>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include "adapters/control_client.h"

namespace pizwg::sim {
namespace {

// A hub that hangs is left by a signal, not by us.
constexpr std::chrono::hours answer_limit{1};

struct Orders {
  std::string location = "-";
  std::string action = "status";
  std::string ports = "all";
  std::chrono::milliseconds delay{2000};
};

std::string action_of(std::string_view word) {
  static constexpr std::array<std::pair<std::string_view, std::string_view>, 6> actions{
      {{"off", "off"}, {"0", "off"}, {"on", "on"}, {"1", "on"}, {"cycle", "cycle"}, {"2", "cycle"}}};
  for (const auto& [typed, meant] : actions) {
    if (word == typed) return std::string(meant);
  }
  return "";
}

int misuse() {
  std::fputs("Invalid command line syntax!\nRun with -h to get usage info.\n", stderr);
  return 1;
}

int help() {
  std::fputs(
      "uhubctl: a stand-in, for a simulated hub (pizwg-sim hub).\n"
      "It knows --action, --ports, --location and --delay; it takes --level, --vendor, --search,\n"
      "--repeat, --wait, --exact, --force, --nodesc, --nosysfs and --reset, and ignores them.\n",
      stdout);
  return 1;  // as the real one
}

int ask(const Orders& orders, std::string_view action) {
  const char* socket = std::getenv("PIZWG_SIM_HUB");
  if (socket == nullptr) {
    std::fputs("uhubctl's stand-in: PIZWG_SIM_HUB does not name a hub's socket\n", stderr);
    return 1;
  }
  const auto answer =
      ask_daemon(socket, fmt::format("{} {} {}", orders.location, action, orders.ports), answer_limit);
  if (!answer) {
    std::fputs("No compatible devices detected!\nRun with -h to get usage info.\n", stderr);
    return 1;
  }
  const bool good = answer->starts_with("0\n");
  std::fputs(answer->c_str() + std::min<std::size_t>(answer->find('\n') + 1, answer->size()),
             good ? stdout : stderr);
  return good ? 0 : 1;
}

int perform(const Orders& orders) {
  if (orders.action != "cycle") return ask(orders, orders.action);
  if (const int status = ask(orders, "off"); status != 0) return status;
  std::this_thread::sleep_for(orders.delay);
  return ask(orders, "on");
}

constexpr std::array<option, 17> options{{
    {"location", required_argument, nullptr, 'l'},
    {"level", required_argument, nullptr, 'L'},
    {"vendor", required_argument, nullptr, 'n'},
    {"search", required_argument, nullptr, 's'},
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

}  // namespace

int run_uhubctl(std::span<const std::string> arguments) {
  std::signal(SIGTERM, SIG_IGN);
  std::vector<std::string> words{"uhubctl"};
  words.insert(words.end(), arguments.begin(), arguments.end());
  std::vector<char*> pointers;
  for (std::string& word : words) pointers.push_back(word.data());
  pointers.push_back(nullptr);
  Orders orders;
  const auto count = static_cast<int>(words.size());
  int letter = 0;
  while ((letter = ::getopt_long(count, pointers.data(), "l:L:n:s:p:a:d:r:w:efNSRvh", options.data(),
                                 nullptr)) != -1) {
    if (letter == 'h') return help();
    if (letter == 'v') return std::puts("2.5.0 (stand-in)"), 0;
    if (letter == '?') return misuse();
    if (letter == 'l') orders.location = optarg;
    if (letter == 'p') orders.ports = optarg;
    if (letter == 'd')
      orders.delay = std::chrono::milliseconds(static_cast<int>(std::strtod(optarg, nullptr) * 1000));
    if (letter == 'a') orders.action = action_of(optarg);
  }
  if (optind < count || orders.action.empty()) return misuse();
  return perform(orders);
}

}  // namespace pizwg::sim
