// pizwg-sim: simulated hardware, for trying PiZWG without any and for its tests.

#include <array>
#include <csignal>
#include <cstdio>
#include <exception>
#include <fcntl.h>
#include <filesystem>
#include <fmt/format.h>
#include <string>
#include <unistd.h>
#include <vector>

#include <asio/io_context.hpp>

#include "base/error.h"
#include "base/text.h"
#include "sim/gateway.h"
#include "sim/gateway_options.h"
#include "sim/hub_service.h"
#include "sim/uhubctl.h"

namespace pizwg::sim {
namespace {

constexpr int done = 0;
constexpr int failed = 1;
constexpr int usage = 2;

int report(const Error& error, int status) {
  std::fputs(describe("pizwg-sim", error).c_str(), stderr);
  return status;
}

int gateway(std::span<const std::string> arguments) {
  const auto request = parse_gateway(arguments);
  if (!request) return report(request.error(), usage);
  if (const auto* text = std::get_if<std::string>(&*request)) {
    std::fputs(text->c_str(), stdout);
    return done;
  }
  asio::io_context io(1);  // one thread
  Gateway simulated(io, std::get<GatewayOptions>(*request));
  const auto ran = simulated.run();
  return ran ? done : report(ran.error(), failed);
}

int hub(std::span<const std::string> arguments) {
  const auto request = parse_hub(arguments);
  if (!request) return report(request.error(), usage);
  if (const auto* text = std::get_if<std::string>(&*request)) {
    std::fputs(text->c_str(), stdout);
    return done;
  }
  asio::io_context io(1);
  const auto& options = std::get<HubRequestOptions>(*request);
  HubService simulated(io, options.gateway, options.hub);
  const auto ran = simulated.run();
  return ran ? done : report(ran.error(), failed);
}

int help() {
  std::fputs(
      "Simulated hardware, for trying PiZWG without any.\n\n"
      "  pizwg-sim gateway --link PATH [options]   a Z-Wave stick on a pseudo tty\n"
      "  pizwg-sim hub --link PATH --socket PATH   the same on a USB hub\n"
      "  pizwg-sim uhubctl [options]               uhubctl, for that hub\n"
      "  pizwg-sim --version\n\n"
      "Each has --help. Under the name uhubctl (a link) it is the third.\n",
      stdout);
  return done;
}

int unknown(const std::string& word) {
  constexpr std::array<std::string_view, 5> known{"gateway", "hub", "uhubctl", "--help", "--version"};
  const auto near = did_you_mean(word, known);
  return report({fmt::format("unknown command {}", in_quotes(word)),
                 near ? fmt::format("did you mean {}", *near) : "see pizwg-sim --help"},
                usage);
}

// `name`: what the program was started as.
int run(const std::string& name, std::span<const std::string> words) {
  if (std::filesystem::path(name).filename() == "uhubctl") return uhubctl(name, words);
  if (words.empty()) return report({"no command", "see pizwg-sim --help"}, usage);
  if (words[0] == "gateway") return gateway(words.subspan(1));
  if (words[0] == "hub") return hub(words.subspan(1));
  if (words[0] == "uhubctl") return uhubctl(words[0], words.subspan(1));
  if (words[0] == "--help" || words[0] == "-h") return help();
  if (words[0] == "--version") {
    std::fputs("pizwg-sim " PIZWG_VERSION "\n", stdout);
    return done;
  }
  return unknown(words[0]);
}

// A descriptor that is closed at the start would be the number of the next file opened, and what is printed
// would go there.
void open_standard_descriptors() {
  for (const int fd : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
    if (::fcntl(fd, F_GETFD) < 0 && ::open("/dev/null", O_RDWR) != fd) std::abort();
  }
}

}  // namespace
}  // namespace pizwg::sim

int main(int argc, char** argv) {
  pizwg::sim::open_standard_descriptors();
  std::signal(SIGPIPE, SIG_IGN);  // a reader of our output that leaves is no reason to end
  std::signal(SIGTTIN,
              SIG_IGN);  // nor is a terminal that belongs to somebody else while we are in the background
  try {
    const std::vector<std::string> words(argv + (argc > 0 ? 1 : 0), argv + argc);
    return pizwg::sim::run(argc > 0 ? argv[0] : "", words);
  } catch (const std::exception& error) {
    // The event loop could not be made: no descriptors or no memory left.
    return pizwg::sim::report({error.what(), {}}, pizwg::sim::failed);
  }
}
