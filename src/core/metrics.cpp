#include "core/metrics.h"

#include "core/metric_text.h"

namespace pizwg {
namespace {

constexpr auto gauge = MetricType::gauge;
constexpr auto counter = MetricType::counter;

double seconds(WallTime time) {
  return std::chrono::duration<double>(time.time_since_epoch()).count();
}

double number(std::uint64_t value) {
  return static_cast<double>(value);
}

void write_time(MetricText& text, const std::optional<WallTime>& time) {
  if (time) text.add(seconds(*time));
}

template <typename SomeTally>
void write_tally(MetricText& text, const SomeTally& tally, std::string_view label) {
  for (std::size_t i = 0; i < SomeTally::size; ++i) {
    const auto word = SomeTally::word(i);
    text.add(number(tally[word]), {{label, word_for(word)}});
  }
}

void write_host(MetricText& text, const HostStatus& host) {
  text.family("pizwg_build_info", gauge, "The version of pizwgd; always 1.");
  text.add(true, {{"version", host.version}});
  text.family("pizwg_host_info", gauge,
              "The host, and whether it is standalone or one of a cluster; always 1.");
  text.add(true, {{"host", host.name}, {"mode", host.cluster ? "cluster" : "standalone"}});
  text.family("pizwg_report_timestamp_seconds", gauge, "When pizwgd said all this.");
  text.add(seconds(host.told));
}

void write_state(MetricText& text, const HostStatus& host) {
  text.family("pizwg_state", gauge, "1 for the state that the host is in.");
  for (std::size_t i = 0; i < StateTally::size; ++i) {
    const State state = StateTally::word(i);
    text.add(host.state == state, {{"state", word_for(state)}});
  }
  text.family("pizwg_state_start_timestamp_seconds", gauge, "Since when it is in that state.");
  text.add(seconds(host.since));
  text.family("pizwg_fault", gauge, "1 for the fault that the host has.");
  for (std::size_t i = 1; i < FaultTally::size; ++i) {
    const Fault fault = FaultTally::word(i);
    text.add(host.fault == fault, {{"fault", word_for(fault)}});
  }
  text.family("pizwg_fit", gauge, "Whether the host serves, or could take over.");
  text.add(host.fit);
  text.family("pizwg_maintenance", gauge, "Whether the operator has taken the host out of service.");
  text.add(host.maintenance);
}

void write_election(MetricText& text, const ClusterStatus& cluster) {
  text.family("pizwg_cluster_info", gauge, "Where the host is elected; always 1.");
  text.add(true, {{"vip", cluster.vip},
                  {"interface", cluster.interface},
                  {"address", cluster.address},
                  {"master", cluster.master_name}});
  text.family("pizwg_master", gauge, "Whether the election says that this host is master.");
  text.add(cluster.master);
  text.family("pizwg_vip_held", gauge, "Whether the virtual address is on an interface of this host.");
  text.add(cluster.vip_held);
  text.family("pizwg_veto", gauge, "Whether the host declares itself unfit to be master.");
  text.add(cluster.veto);
  text.family("pizwg_keepalived_running", gauge, "Whether keepalived's VRRP process lives.");
  text.add(cluster.keepalived_running);
  text.family("pizwg_peer_fit", gauge, "The other hosts that this one hears of, and whether they are fit.");
  for (const HostSummary& peer : cluster.peers) {
    text.add(peer.fit, {{"peer", peer.name}, {"state", peer.state}});
  }
}

void write_hub(MetricText& text, const ClusterStatus& cluster) {
  text.family("pizwg_hub_info", gauge, "The hub and port of the gateway; always 1.");
  text.add(true, {{"port", cluster.hub}});
  text.family("pizwg_hub_switchable", gauge, "Whether the gateway's power can be switched.");
  text.add(cluster.hub_switchable);
  text.family("pizwg_hub_powered", gauge, "Whether the gateway's port was ordered on.");
  text.add(cluster.hub_powered);
  text.family("pizwg_hub_off_proven", gauge, "Whether the gateway is proven to have no power.");
  text.add(cluster.hub_proven_off);
}

void write_role(MetricText& text, const HostStatus& host) {
  text.family("pizwg_role_changes_total", counter, "How often the host became master or lost that role.");
  text.add(number(host.role.became_master), {{"to", "master"}});
  text.add(number(host.role.lost_master), {{"to", "standby"}});
  text.family("pizwg_failovers_total", counter, "How often the host became master and could serve.");
  text.add(number(host.role.failovers));
  text.family("pizwg_hub_failures_total", counter, "How often the hub did not do what it was ordered.");
  text.add(number(host.role.hub_failures));
  if (host.role_change) {
    text.family("pizwg_last_role_change_timestamp_seconds", gauge, "When the role changed last.");
    text.add(seconds(host.role_change->at), {{"to", host.role_change->master ? "master" : "standby"},
                                             {"reason", word_for(host.role_change->reason)}});
  }
  if (host.failover) {
    text.family("pizwg_last_failover_timestamp_seconds", gauge,
                "When the host could serve after a failover.");
    text.add(seconds(host.failover->at));
    text.family("pizwg_last_failover_seconds", gauge, "How long that took from the election.");
    text.add(std::chrono::duration<double>(host.failover->took).count());
  }
}

void write_gateway(MetricText& text, const HostStatus& host) {
  const GatewayStatus& gateway = host.gateway;
  text.family("pizwg_gateway_info", gauge, "The gateway as it was seen last; always 1.");
  if (!gateway.device.empty()) text.add(true, {{"device", gateway.device}, {"usb", gateway.usb}});
  text.family("pizwg_gateway_open", gauge, "Whether the gateway is there and open.");
  text.add(gateway.open);
  text.family("pizwg_gateway_proven", gauge,
              "Whether it was seen to work, and nothing since says otherwise.");
  text.add(gateway.proven);
  text.family("pizwg_gateway_last_proven_timestamp_seconds", gauge,
              "When the gateway was last seen to work.");
  write_time(text, gateway.last_proven);
  text.family("pizwg_gateway_hang_ups_total", counter, "How often the gateway left while it was open.");
  text.add(number(host.gateway_counts.hang_ups));
  text.family("pizwg_gateway_returns_total", counter,
              "How often it came back within the grace: re-enumerations.");
  text.add(number(host.gateway_counts.returns));
  text.family("pizwg_gateway_open_failures_total", counter, "How often the gateway could not be opened.");
  text.add(number(host.gateway_counts.open_failures));
  text.family("pizwg_serial_errors_total", counter,
              "What the gateway's serial driver found wrong with bytes.");
  if (host.gateway_counts.line_errors) write_tally(text, *host.gateway_counts.line_errors, "kind");
}

void write_session(MetricText& text, const HostStatus& host) {
  text.family("pizwg_session_active", gauge, "Whether a client has a session.");
  text.add(host.session.has_value());
  text.family("pizwg_last_served_timestamp_seconds", gauge, "When a client last had a session.");
  write_time(text, host.last_served);
  if (!host.session) return;
  text.family("pizwg_session_info", gauge, "The session's client; always 1.");
  text.add(true, {{"client", host.session->client}, {"from", host.session->from}});
  text.family("pizwg_session_start_timestamp_seconds", gauge, "Since when the session lasts.");
  text.add(seconds(host.session->started));
}

void write_sessions(MetricText& text, const SessionCounts& sessions) {
  text.family("pizwg_sessions_started_total", counter, "Sessions that started.");
  text.add(number(sessions.started));
  text.family("pizwg_sessions_ended_total", counter, "Sessions that ended, by reason.");
  write_tally(text, sessions.ended, "reason");
  text.family("pizwg_connections_refused_total", counter, "Connections that became no session, by reason.");
  write_tally(text, sessions.refused, "reason");
  text.family("pizwg_bytes_total", counter, "Bytes of serial data between client and gateway.");
  text.add(number(sessions.from_client.bytes), {{"direction", "from-client"}});
  text.add(number(sessions.to_client.bytes), {{"direction", "to-client"}});
  text.family("pizwg_records_total", counter, "Pieces that the bytes came in.");
  text.add(number(sessions.from_client.records), {{"direction", "from-client"}});
  text.add(number(sessions.to_client.records), {{"direction", "to-client"}});
  text.family("pizwg_dropped_bytes_total", counter, "Bytes from the client while the gateway was away.");
  text.add(number(sessions.dropped_bytes));
}

void write_certificates(MetricText& text, const HostStatus& host) {
  text.family("pizwg_certificate_expiry_timestamp_seconds", gauge, "When a certificate expires.");
  for (const CertificateStatus& certificate : host.certificates) {
    const bool server = certificate.kind == CertificateStatus::Kind::server;
    text.add(seconds(certificate.expires), {{"kind", server ? "server" : "client"},
                                            {"name", certificate.name},
                                            {"fingerprint", certificate.fingerprint}});
  }
}

void write_machine(MetricText& text, const MachineStatus& machine) {
  text.family("pizwg_root_read_only", gauge, "Whether the root file system is mounted read-only.");
  text.add(machine.root_read_only);
  text.family("pizwg_clock_synchronised", gauge, "Whether the clock follows a time server.");
  text.add(machine.clock_synchronised);
  text.family("pizwg_watchdog_armed", gauge, "Whether the hardware watchdog runs.");
  text.add(machine.watchdog_armed);
  text.family("pizwg_under_voltage", gauge, "Whether the power supply is too weak.");
  text.add(machine.under_voltage);
  text.family("pizwg_throttled", gauge, "Whether the processor is slowed down for heat or lack of power.");
  text.add(machine.throttled);
}

}  // namespace

std::string render_metrics(const HostStatus& status) {
  MetricText text;
  write_host(text, status);
  write_state(text, status);
  if (status.cluster) {
    write_election(text, *status.cluster);
    write_hub(text, *status.cluster);
    write_role(text, status);
  }
  write_gateway(text, status);
  write_session(text, status);
  write_sessions(text, status.sessions);
  write_certificates(text, status);
  write_machine(text, status.machine);
  return text.take();
}

}  // namespace pizwg
