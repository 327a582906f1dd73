#include <algorithm>
#include <fmt/format.h>

#include "adapters/clocks.h"
#include "adapters/http_get.h"
#include "adapters/identity_facts.h"
#include "adapters/neighbours.h"
#include "adapters/network.h"
#include "adapters/system_facts.h"
#include "adapters/usb_facts.h"
#include "base/file.h"
#include "core/health_text.h"
#include "core/metrics.h"
#include "core/vrrp.h"
#include "pizwg/order.h"
#include "pizwg/output.h"

namespace pizwg {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t largest_file = 64 * 1024;
constexpr unsigned exporter_port = 9100;
constexpr std::chrono::seconds exporter_limit{5};
constexpr std::chrono::milliseconds probe_limit{1000};
constexpr std::chrono::milliseconds listen_time{
    1500};  // a master announces itself every 0.1 s, an old one every 1 s

void append(Findings& findings, Findings more) {
  std::ranges::move(more, std::back_inserter(findings));
}

// A file that is not there is as good as an empty one: the daemon's command line may say what it does.
Result<Config> read_config(const fs::path& root) {
  const fs::path path = root / "etc/pizwg/pizwg.toml";
  std::error_code ignored;
  if (!fs::exists(path, ignored)) return Config{};
  const auto text = read_file(path, largest_file);
  if (!text) return std::unexpected(text.error());
  return parse_config(*text, path.native());
}

Result<HostStatus> ask_for_status(const fs::path& root) {
  const auto metrics = question_daemon("metrics", root);
  if (!metrics) return std::unexpected(metrics.error());
  return read_metrics(*metrics);
}

Result<HostStatus> ask_exporter() {
  const auto page = http_get("127.0.0.1", exporter_port, "/metrics", exporter_limit);
  if (!page) return std::unexpected(page.error());
  return read_metrics(*page);
}

// Whether keepalived's configuration is what pizwgd would render now.
std::optional<bool> is_configured(const Config& config) {
  const ElectionPaths paths;
  const auto network = read_network();
  const auto settings = network ? election_settings(config, *network) : std::unexpected(network.error());
  const auto rendered = read_file(paths.configuration, largest_file);
  if (!settings || !rendered) return std::nullopt;
  return *rendered == render_keepalived(*settings, paths);
}

NetworkFacts look_around(const Config& config, const HostStatus& status) {
  NetworkFacts facts{.exporter = ask_exporter()};
  if (!status.cluster) return facts;
  const ClusterStatus& cluster = *status.cluster;
  facts.configured = is_configured(config);
  // With unicast, announcements are for their receiver only, and nothing can be said of multicast.
  if (config.peers.empty()) facts.adverts = hear_adverts(cluster.interface, listen_time);
  const auto vip = Ipv4::parse(cluster.vip);
  if (cluster.master || !vip) return facts;
  const auto answered = probe_address(cluster.interface, *vip, probe_limit);
  if (!answered) return facts;
  facts.vip_answers = !answered->empty();
  facts.vip_answered_by = *answered;
  return facts;
}

Findings examine(const fs::path& root) {
  Findings findings;
  const auto config = read_config(root);
  if (!config) {
    findings.push_back(
        {"configuration", Grade::error, config.error().what, "man pizwg.toml; pizwgd --check"});
  }
  const Config settings = config.value_or(Config{});
  append(findings, judge_identity(read_identity_facts(root, read_clocks())));
  const auto status = ask_for_status(root);
  append(findings, judge_daemon(status));
  if (status) {
    append(findings, judge_gateway(*status, read_usb_facts(root, status->gateway.usb)));
    append(findings, judge_network(settings, *status, look_around(settings, *status)));
  }
  append(findings, judge_system(read_system_facts(root), settings.port));
  return findings;
}

Result<void> write_metrics(const Findings& findings, const std::string& path) {
  return replace_file(path, findings_metrics(findings, read_clocks().wall), 0644);
}

}  // namespace

Outcome run_doctor(const Arguments& arguments) {
  const Findings findings = examine(arguments.root);
  if (arguments.has("--metrics")) {
    if (const auto written = write_metrics(findings, arguments.value("--metrics", "")); !written)
      return std::unexpected(written.error());
  } else {
    fmt::print(
        stdout, "{}",
        arguments.has("--json") ? findings_json(findings) : findings_screen(findings, colour_of_output()));
  }
  if (worst(findings) != Grade::error) return {};
  const auto errors = std::ranges::count(findings, Grade::error, &Finding::grade);
  return std::unexpected(Error{fmt::format("{} thing{} must be mended", errors, errors == 1 ? "" : "s"), {}});
}

}  // namespace pizwg
