#include <cmath>
#include <fmt/format.h>

#include "core/metric_text.h"
#include "core/metrics.h"

namespace pizwg {
namespace {

// The page is another machine's, and perhaps an enemy's: what is not a time of these centuries is none.
constexpr double last_second = 253402300799;  // of the year 9999

WallTime time_of(double seconds) {
  if (!(seconds >= 0 && seconds <= last_second)) return {};
  return WallTime(std::chrono::milliseconds(std::llround(seconds * 1000)));
}

std::optional<WallTime> time_at(const MetricSamples& samples, std::string_view name) {
  const auto seconds = samples.value(name);
  return seconds ? std::optional(time_of(*seconds)) : std::nullopt;
}

std::uint64_t count_of(double value) {
  return value >= 0 && value < 9e15 ? static_cast<std::uint64_t>(value) : 0;
}

std::uint64_t count_at(const MetricSamples& samples, std::string_view name) {
  return count_of(samples.value(name).value_or(0));
}

std::uint64_t count_at(const MetricSamples& samples, std::string_view name, std::string_view label,
                       std::string_view value) {
  for (const MetricSample* sample : samples.of(name)) {
    if (sample->label(label) == value) return count_of(sample->value);
  }
  return 0;
}

template <typename SomeTally>
void read_tally(const MetricSamples& samples, std::string_view name, SomeTally& tally,
                std::string_view label = "reason") {
  for (const MetricSample* sample : samples.of(name)) {
    if (const auto word = value_of<SomeTally>(sample->label(label))) tally[*word] = count_of(sample->value);
  }
}

void read_state(const MetricSamples& samples, HostStatus& host) {
  for (const MetricSample* sample : samples.of("pizwg_state")) {
    const auto state = value_of<StateTally>(sample->label("state"));
    if (state && sample->value == 1) host.state = *state;
  }
  for (const MetricSample* sample : samples.of("pizwg_fault")) {
    const auto fault = value_of<FaultTally>(sample->label("fault"));
    if (fault && sample->value == 1) host.fault = *fault;
  }
  host.since = time_at(samples, "pizwg_state_start_timestamp_seconds").value_or(WallTime());
  host.fit = samples.flag("pizwg_fit").value_or(false);
  host.maintenance = samples.flag("pizwg_maintenance").value_or(false);
}

std::string label_of(const MetricSamples& samples, std::string_view name, std::string_view label) {
  const MetricSample* sample = samples.first(name);
  return sample == nullptr ? std::string() : std::string(sample->label(label));
}

ClusterStatus read_cluster(const MetricSamples& samples) {
  ClusterStatus cluster;
  cluster.vip = label_of(samples, "pizwg_cluster_info", "vip");
  cluster.interface = label_of(samples, "pizwg_cluster_info", "interface");
  cluster.address = label_of(samples, "pizwg_cluster_info", "address");
  cluster.master_name = label_of(samples, "pizwg_cluster_info", "master");
  cluster.master = samples.flag("pizwg_master").value_or(false);
  cluster.vip_held = samples.flag("pizwg_vip_held").value_or(false);
  cluster.veto = samples.flag("pizwg_veto").value_or(true);
  cluster.keepalived_running = samples.flag("pizwg_keepalived_running").value_or(false);
  cluster.hub = label_of(samples, "pizwg_hub_info", "port");
  cluster.hub_switchable = samples.flag("pizwg_hub_switchable").value_or(true);
  cluster.hub_powered = samples.flag("pizwg_hub_powered").value_or(false);
  cluster.hub_proven_off = samples.flag("pizwg_hub_off_proven").value_or(false);
  for (const MetricSample* peer : samples.of("pizwg_peer_fit")) {
    cluster.peers.push_back({.name = std::string(peer->label("peer")),
                             .state = std::string(peer->label("state")),
                             .fit = peer->value == 1});
  }
  return cluster;
}

void read_role(const MetricSamples& samples, HostStatus& host) {
  host.role.became_master = count_at(samples, "pizwg_role_changes_total", "to", "master");
  host.role.lost_master = count_at(samples, "pizwg_role_changes_total", "to", "standby");
  host.role.failovers = count_at(samples, "pizwg_failovers_total");
  host.role.hub_failures = count_at(samples, "pizwg_hub_failures_total");
  if (const MetricSample* change = samples.first("pizwg_last_role_change_timestamp_seconds")) {
    host.role_change = RoleChangeStatus{
        .at = time_of(change->value),
        .master = change->label("to") == "master",
        .reason = value_of<EventTally>(change->label("reason")).value_or(Event::became_master)};
  }
  const auto at = time_at(samples, "pizwg_last_failover_timestamp_seconds");
  const auto took = time_at(samples, "pizwg_last_failover_seconds");
  if (at && took) host.failover = FailoverStatus{.at = *at, .took = took->time_since_epoch()};
}

void read_gateway(const MetricSamples& samples, HostStatus& host) {
  host.gateway = {.open = samples.flag("pizwg_gateway_open").value_or(false),
                  .proven = samples.flag("pizwg_gateway_proven").value_or(false),
                  .device = label_of(samples, "pizwg_gateway_info", "device"),
                  .usb = label_of(samples, "pizwg_gateway_info", "usb"),
                  .last_proven = time_at(samples, "pizwg_gateway_last_proven_timestamp_seconds")};
  host.gateway_counts = {.hang_ups = count_at(samples, "pizwg_gateway_hang_ups_total"),
                         .returns = count_at(samples, "pizwg_gateway_returns_total"),
                         .open_failures = count_at(samples, "pizwg_gateway_open_failures_total")};
  constexpr const char* line_errors = "pizwg_serial_errors_total";
  if (samples.first(line_errors) != nullptr)
    read_tally(samples, line_errors, host.gateway_counts.line_errors.emplace(), "kind");
}

void read_sessions(const MetricSamples& samples, HostStatus& host) {
  host.last_served = time_at(samples, "pizwg_last_served_timestamp_seconds");
  if (const MetricSample* session = samples.first("pizwg_session_info")) {
    host.session = SessionStatus{
        .client = std::string(session->label("client")),
        .from = std::string(session->label("from")),
        .started = time_at(samples, "pizwg_session_start_timestamp_seconds").value_or(WallTime())};
  }
  SessionCounts& counts = host.sessions;
  counts.started = count_at(samples, "pizwg_sessions_started_total");
  read_tally(samples, "pizwg_sessions_ended_total", counts.ended);
  read_tally(samples, "pizwg_connections_refused_total", counts.refused);
  const auto read_traffic = [&samples](std::string_view direction) {
    return Traffic{.bytes = count_at(samples, "pizwg_bytes_total", "direction", direction),
                   .records = count_at(samples, "pizwg_records_total", "direction", direction)};
  };
  counts.from_client = read_traffic("from-client");
  counts.to_client = read_traffic("to-client");
  counts.dropped_bytes = count_at(samples, "pizwg_dropped_bytes_total");
}

void read_certificates(const MetricSamples& samples, HostStatus& host) {
  using Kind = CertificateStatus::Kind;
  for (const MetricSample* sample : samples.of("pizwg_certificate_expiry_timestamp_seconds")) {
    host.certificates.push_back({.kind = sample->label("kind") == "server" ? Kind::server : Kind::client,
                                 .name = std::string(sample->label("name")),
                                 .fingerprint = std::string(sample->label("fingerprint")),
                                 .expires = time_of(sample->value)});
  }
  // The exporter sorts by other things.
  sort_certificates(host.certificates);
}

MachineStatus read_machine(const MetricSamples& samples) {
  return {.root_read_only = samples.flag("pizwg_root_read_only"),
          .clock_synchronised = samples.flag("pizwg_clock_synchronised"),
          .watchdog_armed = samples.flag("pizwg_watchdog_armed"),
          .under_voltage = samples.flag("pizwg_under_voltage"),
          .throttled = samples.flag("pizwg_throttled")};
}

// By the other machine's own clock, which its reports are dated by.
Result<void> check_age(const MetricSamples& samples, WallTime told) {
  const auto there = time_at(samples, "node_time_seconds");
  if (!there || *there - told < 3 * report_interval) return {};
  return fail(fmt::format("pizwgd has not reported for {} s",
                          std::chrono::duration_cast<std::chrono::seconds>(*there - told).count()),
              "systemctl status pizwgd, on that host, says why");
}

// What changes is reported at once: so what was reported a minute ago is so now, and has been for a minute
// longer.
WallTime latest_time(const MetricSamples& samples, WallTime told) {
  return std::max(told, time_at(samples, "node_time_seconds").value_or(told));
}

}  // namespace

Result<HostStatus> read_metrics(std::string_view page) {
  const auto samples = MetricSamples::parse(page, {"pizwg_", "node_time_seconds"});
  const auto told = time_at(samples, "pizwg_report_timestamp_seconds");
  if (!told) {
    return fail("its node exporter has nothing of PiZWG",
                "--collector.textfile.directory=/run/pizwg/metrics, says docs/metrics.md");
  }
  if (const auto fresh = check_age(samples, *told); !fresh) return std::unexpected(fresh.error());
  HostStatus host{.name = label_of(samples, "pizwg_host_info", "host"),
                  .version = label_of(samples, "pizwg_build_info", "version"),
                  .told = latest_time(samples, *told)};
  read_state(samples, host);
  if (label_of(samples, "pizwg_host_info", "mode") == "cluster") {
    host.cluster = read_cluster(samples);
    read_role(samples, host);
  }
  read_gateway(samples, host);
  read_sessions(samples, host);
  read_certificates(samples, host);
  host.machine = read_machine(samples);
  return host;
}

}  // namespace pizwg
