#include <chrono>
#include <cstdio>
#include <fmt/format.h>
#include <future>
#include <thread>
#include <unistd.h>

#include "adapters/http_get.h"
#include "core/metrics.h"
#include "core/status_screen.h"
#include "pizwg/order.h"
#include "pizwg/output.h"

namespace pizwg {
namespace {

constexpr unsigned exporter_port = 9100;
constexpr std::chrono::seconds exporter_limit{5};
constexpr std::chrono::seconds watch_interval{1};
constexpr const char* clear_terminal = "\x1b[H\x1b[2J";

std::vector<std::string> hosts_of(const Arguments& arguments) {
  std::vector<std::string> hosts;
  std::string rest = arguments.value("--host", "");
  while (!rest.empty()) {
    const auto end = std::min(rest.find(','), rest.size());
    if (end > 0) hosts.push_back(rest.substr(0, end));
    rest.erase(0, end + 1);
  }
  return hosts;
}

Result<HostStatus> status_here(const std::filesystem::path& root) {
  const auto metrics = question_daemon("metrics", root);
  if (!metrics) return std::unexpected(metrics.error());
  return read_metrics(*metrics);
}

Result<HostStatus> status_of(const std::string& host) {
  const auto page = http_get(host, exporter_port, "/metrics", exporter_limit);
  if (!page) return std::unexpected(page.error());
  auto status = read_metrics(*page);
  if (!status) return fail_with(host, std::move(status.error()));
  return status;
}

void print(std::string_view text) {
  fmt::print(stdout, "{}", text);
}

Outcome judge(const HostStatus& status) {
  if (status.fit) return {};
  return std::unexpected(
      Error{fmt::format("{} is not fit: {}", plain(status.name), describe_state(status)), next_step(status)});
}

Outcome show_one(const Result<HostStatus>& status, const Arguments& arguments) {
  if (!status) return std::unexpected(status.error());
  print(arguments.has("--json") ? status_json(*status) : status_screen(*status, colour_of_output()));
  return judge(*status);
}

// All at once: one that does not answer costs as long as all that do not.
std::vector<Result<HostStatus>> ask_all(const std::vector<std::string>& hosts) {
  std::vector<std::future<Result<HostStatus>>> asked;
  for (const std::string& host : hosts) asked.push_back(std::async(std::launch::async, status_of, host));
  std::vector<Result<HostStatus>> answers;
  for (auto& each : asked) answers.push_back(each.get());
  return answers;
}

Outcome show_several(const std::vector<std::string>& hosts, const Arguments& arguments) {
  std::vector<HostAnswer> answers;
  std::size_t unfit = 0;
  for (std::size_t i = 0; const Result<HostStatus>& status : ask_all(hosts)) {
    if (!status || !status->fit) ++unfit;
    HostAnswer& answer = answers.emplace_back(HostAnswer{.asked = hosts[i++]});
    if (status)
      answer.status = *status;
    else
      answer.trouble = status.error().what;
  }
  print(arguments.has("--json") ? cluster_json(answers) : cluster_table(answers, colour_of_output()));
  if (unfit == 0) return {};
  return std::unexpected(Error{fmt::format("{} of {} hosts are not fit", unfit, hosts.size()), {}});
}

Outcome show(const std::vector<std::string>& hosts, const Arguments& arguments) {
  if (hosts.empty()) return show_one(status_here(arguments.root), arguments);
  if (hosts.size() == 1) return show_one(status_of(hosts.front()), arguments);
  return show_several(hosts, arguments);
}

// Until it is interrupted: that is what it is for.
[[noreturn]] void watch(const std::vector<std::string>& hosts, const Arguments& arguments) {
  while (true) {
    if (::isatty(STDOUT_FILENO) == 1) print(clear_terminal);
    if (const auto shown = show(hosts, arguments); !shown) {
      print("\n" + describe("pizwg", shown.error().error));
    }
    std::fflush(stdout);
    if (std::ferror(stdout) != 0) std::exit(static_cast<int>(ExitStatus::failed));
    std::this_thread::sleep_for(watch_interval);
  }
}

}  // namespace

Outcome run_status(const Arguments& arguments) {
  const auto hosts = hosts_of(arguments);
  if (arguments.has("--host") && hosts.empty()) return misused("--host names no host");
  if (arguments.has("--watch")) watch(hosts, arguments);
  return show(hosts, arguments);
}

}  // namespace pizwg
