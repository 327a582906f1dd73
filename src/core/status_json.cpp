#include "core/status_json.h"

#include "base/json.h"
#include "core/date.h"

namespace pizwg {
namespace {

std::string_view word_for(CertificateStatus::Kind kind) {
  return kind == CertificateStatus::Kind::server ? "server" : "client";
}

std::optional<std::string> known(const std::string& text) {
  return text.empty() ? std::nullopt : std::optional(text);
}

std::optional<std::string> time_text(const std::optional<WallTime>& time) {
  return time ? std::optional(format_time(*time)) : std::nullopt;
}

template <typename SomeTally>
JsonObject tally_json(const SomeTally& tally) {
  JsonObject object;
  for (std::size_t i = 0; i < SomeTally::size; ++i) {
    object.add(pizwg::word_for(SomeTally::word(i)), tally[SomeTally::word(i)]);
  }
  return object;
}

JsonObject peer_json(const HostSummary& peer) {
  JsonObject object;
  object.add("name", peer.name).add("state", peer.state).add("fit", peer.fit);
  return object;
}

JsonObject hub_json(const ClusterStatus& cluster) {
  JsonObject object;
  object.add("port", known(cluster.hub))
      .add("switchable", cluster.hub_switchable)
      .add("powered", cluster.hub_powered)
      .add("off_proven", cluster.hub_proven_off);
  return object;
}

JsonObject role_change_json(const RoleChangeStatus& change) {
  JsonObject object;
  object.add("at", format_time(change.at))
      .add("to", change.master ? "master" : "standby")
      .add("reason", pizwg::word_for(change.reason));
  return object;
}

JsonObject failover_json(const FailoverStatus& failover) {
  JsonObject object;
  object.add("at", format_time(failover.at))
      .add("seconds", std::chrono::duration<double>(failover.took).count());
  return object;
}

template <typename Value, typename Make>
void add_if_known(JsonObject& object, std::string_view key, const std::optional<Value>& value, Make make) {
  if (value) {
    object.add(key, make(*value));
  } else {
    object.add_null(key);
  }
}

JsonObject cluster_object(const HostStatus& status) {
  const ClusterStatus& cluster = *status.cluster;
  std::vector<JsonObject> peers;
  for (const HostSummary& peer : cluster.peers) peers.push_back(peer_json(peer));
  JsonObject object;
  object.add("vip", known(cluster.vip))
      .add("vip_held", cluster.vip_held)
      .add("interface", known(cluster.interface))
      .add("address", known(cluster.address))
      .add("veto", cluster.veto)
      .add("keepalived_running", cluster.keepalived_running)
      .add("hub", hub_json(cluster))
      .add("other_master", known(cluster.master_name))
      .add("peers", peers);
  add_if_known(object, "last_role_change", status.role_change, role_change_json);
  add_if_known(object, "last_failover", status.failover, failover_json);
  object.add("became_master", status.role.became_master)
      .add("lost_master", status.role.lost_master)
      .add("failovers", status.role.failovers)
      .add("hub_failures", status.role.hub_failures);
  return object;
}

JsonObject gateway_json(const HostStatus& status) {
  JsonObject object;
  object.add("open", status.gateway.open)
      .add("proven", status.gateway.proven)
      .add("device", known(status.gateway.device))
      .add("usb", known(status.gateway.usb))
      .add("last_proven", time_text(status.gateway.last_proven))
      .add("hang_ups", status.gateway_counts.hang_ups)
      .add("returns", status.gateway_counts.returns)
      .add("open_failures", status.gateway_counts.open_failures);
  add_if_known(object, "line_errors", status.gateway_counts.line_errors, tally_json<LineErrorTally>);
  return object;
}

JsonObject session_json(const SessionStatus& session) {
  JsonObject object;
  object.add("client", session.client).add("from", session.from).add("started", format_time(session.started));
  return object;
}

JsonObject traffic_json(const Traffic& traffic) {
  JsonObject object;
  object.add("bytes", traffic.bytes).add("records", traffic.records);
  return object;
}

JsonObject sessions_json(const SessionCounts& sessions) {
  JsonObject object;
  object.add("started", sessions.started)
      .add("ended", tally_json(sessions.ended))
      .add("refused", tally_json(sessions.refused))
      .add("from_client", traffic_json(sessions.from_client))
      .add("to_client", traffic_json(sessions.to_client))
      .add("dropped_bytes", sessions.dropped_bytes);
  return object;
}

JsonObject certificate_json(const CertificateStatus& certificate) {
  JsonObject object;
  object.add("kind", word_for(certificate.kind))
      .add("name", certificate.name)
      .add("fingerprint", certificate.fingerprint)
      .add("expires", format_time(certificate.expires));
  return object;
}

JsonObject machine_json(const MachineStatus& machine) {
  JsonObject object;
  object.add("root_read_only", machine.root_read_only)
      .add("clock_synchronised", machine.clock_synchronised)
      .add("watchdog_armed", machine.watchdog_armed)
      .add("under_voltage", machine.under_voltage)
      .add("throttled", machine.throttled);
  return object;
}

JsonObject host_object(const HostStatus& status) {
  std::vector<JsonObject> certificates;
  for (const auto& certificate : status.certificates) certificates.push_back(certificate_json(certificate));
  JsonObject object;
  object.add("host", status.name)
      .add("version", status.version)
      .add("told", format_time(status.told))
      .add("state", pizwg::word_for(status.state))
      .add("since", format_time(status.since))
      .add("fault", pizwg::word_for(status.fault))
      .add("fit", status.fit)
      .add("role", role_of(status))
      .add("maintenance", status.maintenance)
      .add("next_step", known(next_step(status)));
  if (status.cluster) {
    object.add("cluster", cluster_object(status));
  } else {
    object.add_null("cluster");
  }
  object.add("gateway", gateway_json(status));
  add_if_known(object, "session", status.session, session_json);
  object.add("last_served", time_text(status.last_served))
      .add("sessions", sessions_json(status.sessions))
      .add("certificates", certificates)
      .add("machine", machine_json(status.machine));
  return object;
}

}  // namespace

std::string status_json(const HostStatus& status) {
  return host_object(status).text() + "\n";
}

std::string cluster_json(const std::vector<HostAnswer>& answers) {
  std::vector<JsonObject> hosts;
  for (const HostAnswer& answer : answers) {
    JsonObject host;
    host.add("asked", answer.asked).add("trouble", known(answer.trouble));
    add_if_known(host, "status", answer.status, host_object);
    hosts.push_back(host);
  }
  JsonObject object;
  object.add("hosts", hosts);
  return object.text() + "\n";
}

}  // namespace pizwg
