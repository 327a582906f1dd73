#include "connect/status.h"

#include <chrono>
#include <filesystem>
#include <fmt/format.h>
#include <iostream>
#include <vector>

#include "adapters/control_client.h"
#include "base/text.h"

namespace pizwg {
namespace {

namespace fs = std::filesystem;

constexpr std::chrono::seconds answer_limit{3};
constexpr std::size_t most_instances = 64;

std::vector<std::string> instances() {
  std::vector<std::string> names;
  std::error_code error;
  for (fs::directory_iterator entry(instances_folder, error), end; !error && entry != end;
       entry.increment(error)) {
    if (names.size() < most_instances) names.push_back(entry->path().filename().string());
  }
  return names;
}

Result<fs::path> socket_of(const ConnectOptions& options) {
  if (!options.control.empty()) return fs::path(options.control);
  const auto path_of = [](const std::string& name) { return fs::path(instances_folder) / name / "control"; };
  if (!options.instance.empty()) return path_of(options.instance);
  const auto running = instances();
  if (running.size() == 1) return path_of(running.front());
  if (running.empty()) {
    return fail("no pizwg-connect@NAME.service runs here",
                "name another one's socket: pizwg-connect status --control PATH");
  }
  return fail(fmt::format("{} of them run here", running.size()),
              fmt::format("name one: {}", list_of(running)));
}

int report(const Error& error) {
  std::cerr << describe("pizwg-connect", error);
  return 1;
}

}  // namespace

int print_status(const ConnectOptions& options) {
  const auto socket = socket_of(options);
  if (!socket) return report(socket.error());
  const auto answer = ask_daemon(*socket, options.json ? "json" : "status", answer_limit,
                                 {.name = "pizwg-connect", .not_running = "it is not running"});
  if (!answer) return report(answer.error());
  std::cout << *answer;
  const bool connected =
      answer->starts_with("uplink: connected") || answer->starts_with("{\"connected\": true");
  return connected || options.alive ? 0 : 1;
}

}  // namespace pizwg
