// chain_probe: owns both ends of a chain, the gateway's pty and the application's line, and measures what is
// between. A bench tool, not a product. Commands on standard input, one answer of JSON per line on standard
// output.

#include <cstdio>
#include <fmt/format.h>
#include <iostream>
#include <optional>
#include <poll.h>
#include <sstream>
#include <sys/prctl.h>
#include <unistd.h>

#include <CLI/CLI.hpp>

#include "base/text.h"
#include "flow.h"
#include "pty.h"

namespace pizwg::bench {
namespace {

struct Options {
  std::string gateway;
  std::string application;
  int stress_seconds = 0;
};

constexpr std::string_view commands =
    "round_trips COUNT | exchanges COUNT GAP_MICROSECONDS | paced_exchanges COUNT GAP_MICROSECONDS | stress "
    "SECONDS | "
    "stall SECONDS | drain";

// The client makes the link when it is connected: awaited for ten seconds.
Result<UniqueFd> await_line(const std::string& path) {
  const std::int64_t deadline = now_ns() + 10 * second;
  while (true) {
    Result<UniqueFd> line = open_line(path);
    if (line || now_ns() > deadline) return line;
    ::poll(nullptr, 0, 10);
  }
}

class Probe {
 public:
  explicit Probe(Ends ends) : ends_(ends) {}

  Result<std::string> execute(const std::string& line);

  // A gateway that nobody measures says back what it reads; one that waits for `drain` is left alone.
  Result<void> await_command();

 private:
  Result<std::string> stressed(int seconds);
  Result<std::string> measure(const std::string& name, int count, int argument);

  Ends ends_;
  std::optional<Flow> stalled_;
};

Result<std::string> json_of(const Result<Samples>& samples) {
  if (!samples) return std::unexpected(samples.error());
  return samples->json();
}

Result<std::string> Probe::stressed(int seconds) {
  const Result<StressVerdict> verdict = stress(ends_, seconds);
  if (!verdict) return std::unexpected(verdict.error());
  return verdict->json();
}

Result<std::string> Probe::measure(const std::string& name, int count, int argument) {
  const std::int64_t gap = argument * (millisecond / 1000);
  if (const Result<void> settled = settle(ends_); !settled) return std::unexpected(settled.error());
  if (name == "round_trips") return json_of(round_trips(ends_, count));
  if (name == "exchanges") return json_of(exchanges(ends_, count, gap, Pace::none));
  if (name == "paced_exchanges") return json_of(exchanges(ends_, count, gap, Pace::baud_115200));
  if (name == "stress") return stressed(count);
  if (name != "stall") return fail("unknown command " + in_quotes(name), std::string(commands));
  stalled_.emplace(ends_.gateway, ends_.application, 3);
  if (const Result<void> done = stall(*stalled_, count); !done) return std::unexpected(done.error());
  return fmt::format(R"({{"on_the_way": {}}})", stalled_->on_the_way());
}

Result<std::string> Probe::execute(const std::string& line) {
  std::istringstream words(line);
  std::string name;
  int count = 0;
  int argument = 0;
  words >> name >> count >> argument;
  if (name == "drain" && stalled_) {
    if (const Result<void> drained = drain(*stalled_); !drained) return std::unexpected(drained.error());
    std::string verdict = stalled_->verdict().json();
    stalled_.reset();
    return verdict;
  }
  if (stalled_ || count <= 0) return fail("cannot do " + in_quotes(line) + " now", std::string(commands));
  if (ends_.application < 0) return fail("there is no application's line to measure", "give --application");
  return measure(name, count, argument);
}

Result<void> Probe::await_command() {
  Gateway echo(ends_.gateway, Answer::echo, Pace::none);
  while (true) {
    pollfd fds[] = {{STDIN_FILENO, POLLIN, 0}, {stalled_ ? -1 : ends_.gateway, POLLIN, 0}};
    ::poll(fds, 2, echo.deadline() ? 1 : -1);
    if (fds[0].revents != 0) return {};
    if (stalled_) continue;
    if (const Result<void> done = echo.progress(); !done) return done;
  }
}

Result<void> print(const Result<std::string>& answer) {
  if (!answer) return std::unexpected(answer.error());
  fmt::print("{}\n", *answer);
  std::fflush(stdout);
  return {};
}

// A measurement that fails is an answer too: the chain may well do better at the next one.
std::string answer_of(const Result<std::string>& outcome) {
  return outcome ? *outcome : fmt::format(R"({{"error": {}}})", in_quotes(outcome.error().what));
}

// As a test: what is not intact is a failure.
Result<void> stress_once(const Ends& ends, int seconds) {
  if (const Result<void> settled = settle(ends); !settled) return settled;
  const Result<StressVerdict> verdict = stress(ends, seconds);
  if (!verdict) return std::unexpected(verdict.error());
  if (const Result<void> printed = print(verdict->json()); !printed) return printed;
  if (!verdict->intact()) return fail("bytes were lost, corrupt or extra", "the line above counts them");
  return {};
}

Result<void> run(const Options& options) {
  const Result<PtyLink> gateway = PtyLink::make(options.gateway);
  if (!gateway) return std::unexpected(gateway.error());
  Result<UniqueFd> application;
  if (options.stress_seconds > 0 && options.application.empty())
    return fail("nothing to stress", "give --application");
  if (!options.application.empty()) application = await_line(options.application);
  if (!application) return std::unexpected(application.error());
  const Ends ends{gateway->master(), application->get()};
  if (options.stress_seconds > 0) return stress_once(ends, options.stress_seconds);
  Probe probe(ends);
  if (const Result<void> ready = print("{\"ready\": true}"); !ready) return ready;
  while (true) {
    if (const Result<void> waited = probe.await_command(); !waited) return waited;
    std::string line;  // one command at a time: poll cannot see a second one in cin's buffer
    if (!std::getline(std::cin, line)) return {};
    if (const Result<void> answered = print(answer_of(probe.execute(line))); !answered) return answered;
  }
}

}  // namespace
}  // namespace pizwg::bench

int main(int argc, char** argv) {
  pizwg::bench::Options options;
  CLI::App app{"Measures a chain from a gateway's line to an application's"};
  app.add_option("--gateway", options.gateway, "where to put the link to the gateway's pty")->required();
  app.add_option("--application", options.application, "the line to open; awaited for 10 s");
  app.add_option("--stress", options.stress_seconds, "full rate both ways for so many seconds, then exit");
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : 2;
  }
  ::prctl(PR_SET_TIMERSLACK, 1000);  // ns: the default of 50 us would be a third of what is measured
  const pizwg::Result<void> done = pizwg::bench::run(options);
  if (done) return 0;
  fmt::print(stderr, "{}", pizwg::describe("chain_probe", done.error()));
  return 1;
}
