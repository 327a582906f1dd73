#include "sim/uhubctl.h"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <fmt/format.h>
#include <thread>
#include <unistd.h>
#include <utility>
#include <vector>

#include <asio/io_context.hpp>
#include <asio/local/stream_protocol.hpp>
#include <asio/read.hpp>
#include <asio/write.hpp>

#include "base/error.h"
#include "base/text.h"
#include "sim/hub_question.h"
#include "sim/uhubctl_options.h"

namespace pizwg::sim {
namespace {

using Action = UhubctlOptions::Action;
using Ask = HubQuestion::Ask;
using Socket = asio::local::stream_protocol;

constexpr std::chrono::seconds longest_answer{5};

// Connecting to a Unix socket does not wait but for a full backlog, and a line goes into an empty one at
// once.
Result<std::string> ask(const std::string& path, const HubQuestion& request) {
  asio::io_context io(1);
  Socket::socket hub(io);
  const std::string line = to_line(request) + "\n";
  asio::error_code error;
  hub.connect(Socket::endpoint(path), error);
  if (!error) asio::write(hub, asio::buffer(line), error);
  std::string answer;
  asio::error_code end = asio::error::timed_out;
  asio::async_read(hub, asio::dynamic_buffer(answer, 4096),
                   [&end](const asio::error_code& why, std::size_t) { end = why; });
  if (!error) io.run_for(longest_answer);
  if (!error && end == asio::error::eof && !answer.empty()) return answer;
  return fail(fmt::format("the simulated hub at {} does not answer: {}", in_quotes(path),
                          (error ? error : end).message()),
              "is pizwg-sim hub running?");
}

class Call {
 public:
  Call(std::string hub, const UhubctlOptions& options) : hub_(std::move(hub)), options_(options) {}

  Result<int> make();

 private:
  Result<int> act();
  Result<int> send(Ask what);
  Result<std::string> ask(Ask what) const;
  int not_found() const;

  std::string hub_;
  UhubctlOptions options_;
};

// As if it waited for the kernel.
[[noreturn]] void hang() {
  std::signal(SIGTERM, SIG_IGN);
  while (true) ::pause();
}

Result<std::string> Call::ask(Ask what) const {
  const auto described =
      options_.descriptions ? HubQuestion::Descriptions::wanted : HubQuestion::Descriptions::unwanted;
  return sim::ask(
      hub_, {.ask = what, .ports = options_.ports, .descriptions = described, .location = options_.location});
}

Result<int> Call::make() {
  const auto said = ask(Ask::fault);
  if (!said) return std::unexpected(said.error());
  const std::string_view fault = trimmed(*said);
  if (fault == hanging) hang();
  if (fault == denied) {
    std::fputs(
        "There were permission problems while accessing USB.\nFollow https://git.io/JIB2Z for a fix!\n",
        stderr);
    return not_found();
  }
  unsigned drag = 0;
  std::from_chars(fault.data(), fault.data() + fault.size(), drag);
  std::this_thread::sleep_for(std::chrono::milliseconds(drag));
  return hub_ids.starts_with(options_.vendor) ? act() : not_found();
}

Result<int> Call::act() {
  switch (options_.action) {
    case Action::none:
      return send(Ask::status);
    case Action::off:
      return send(Ask::off);
    case Action::on:
      return send(Ask::on);
    case Action::toggle:
      return send(Ask::toggle);
    case Action::cycle:
      break;
  }
  if (auto off = send(Ask::off); !off || *off != 0) return off;
  std::this_thread::sleep_for(options_.cycle_delay);
  return send(Ask::on);
}

// The status comes before the request, and again after it.
Result<int> Call::send(Ask what) {
  for (const Ask next : {Ask::status, what}) {
    const auto answer = ask(next);
    if (!answer) return std::unexpected(answer.error());
    if (trimmed(*answer) == elsewhere) return not_found();
    std::fputs(answer->c_str(), stdout);
    if (what == Ask::status) break;
  }
  return 0;
}

int Call::not_found() const {
  const bool somewhere = !options_.location.empty();
  std::fputs(fmt::format("No compatible devices detected{}{}!\nRun with -h to get usage info.\n",
                         somewhere ? " at location " : "", options_.location)
                 .c_str(),
             stderr);
  return 1;
}

int complain(const Error& error) {
  std::fputs(describe("uhubctl", error).c_str(), stderr);
  return 1;
}

}  // namespace

int uhubctl(const std::string& name, std::span<const std::string> arguments) {
  std::vector<std::string> words{name};
  words.insert(words.end(), arguments.begin(), arguments.end());
  const auto wish = parse_uhubctl(words);
  if (const auto* end = std::get_if<UhubctlEnd>(&wish)) {
    std::fputs(end->errors.c_str(), stderr);
    std::fputs(end->output.c_str(), stdout);
    return end->status;
  }
  const char* hub = std::getenv(hub_variable);
  if (hub == nullptr) {
    return complain({fmt::format("{} is not set", hub_variable), "set it to the --socket of pizwg-sim hub"});
  }
  const auto status = Call(hub, std::get<UhubctlOptions>(wish)).make();
  return status ? *status : complain(status.error());
}

}  // namespace pizwg::sim
