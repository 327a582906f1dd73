#include "core/host_status.h"

#include <algorithm>
#include <fmt/format.h>
#include <tuple>

namespace pizwg {
namespace {

constexpr std::chrono::days renew_before{60};

std::string step_for(Fault fault) {
  switch (fault) {
    case Fault::none:
      return "";
    case Fault::unproven:
      return "pizwg prove finds out whether its gateway works";
    case Fault::no_gateway:
      return "is the gateway plugged in, behind this hub? pizwg doctor looks";
    case Fault::gateway_late:
      return "the gateway does not come after power-on: pizwg doctor looks; another stick or cable may be "
             "needed";
    case Fault::gateway_lost:
      return "the gateway left while it was in use: check plug, cable and power supply; pizwg doctor";
    case Fault::hub_stuck:
      return "the hub does not turn the gateway off: pizwg doctor; never let two gateways be on the air";
  }
  return "";
}

std::string step_for_certificates(const HostStatus& status) {
  const auto first = std::ranges::min_element(status.certificates, {}, &CertificateStatus::expires);
  if (first == status.certificates.end() || first->expires > status.told + renew_before) return "";
  return fmt::format("the certificate of {} {}: docs/operations.md says how to renew it", first->name,
                     first->expires < status.told ? "has expired" : "is about to expire");
}

std::string step_for_cluster(const ClusterStatus& cluster) {
  if (cluster.vip.empty()) return "no network to be elected in: ip address, journalctl -u pizwgd";
  if (!cluster.keepalived_running) return "keepalived does not run: systemctl status keepalived";
  if (cluster.master && std::ranges::none_of(cluster.peers, &HostSummary::fit))
    return "no other host is fit to take over: pizwg status there";
  return "";
}

}  // namespace

void sort_certificates(std::vector<CertificateStatus>& certificates) {
  std::ranges::sort(certificates, {}, [](const CertificateStatus& certificate) {
    return std::tie(certificate.kind, certificate.name, certificate.fingerprint);
  });
}

void tell_lifecycle(HostStatus& status, const Lifecycle& lifecycle, const Now& now) {
  status.state = lifecycle.state;
  status.fault = lifecycle.fault;
  status.fit = fit(lifecycle);
  status.maintenance = lifecycle.maintenance;
  status.since = now.of(lifecycle.since);
  status.gateway.proven = lifecycle.proven;
}

void tell_record(HostStatus& status, const HostRecord& record, const Now& now) {
  status.sessions = record.sessions;
  status.gateway_counts = record.gateway;
  status.role = record.role;
  if (record.gateway_proven) status.gateway.last_proven = record.gateway_proven->told(now);
  if (record.served) status.last_served = record.served->told(now);
  if (status.gateway.open) status.gateway.last_proven = now.wall;
  if (status.session) status.last_served = now.wall;
  if (const auto& failover = record.failover) {
    status.failover = FailoverStatus{.at = failover->at.told(now), .took = failover->took};
  }
  if (const auto& change = record.role_change) {
    status.role_change =
        RoleChangeStatus{.at = change->at.told(now), .master = change->master, .reason = change->reason};
  }
}

std::string next_step(const HostStatus& status) {
  if (status.state == State::unprovisioned)
    return "pizwg setup makes an identity, pizwg restore takes another host's";
  if (status.maintenance) return "pizwg maintenance off puts this host back into service";
  if (std::string step = step_for(status.fault); !step.empty()) return step;
  if (status.cluster) {
    if (std::string step = step_for_cluster(*status.cluster); !step.empty()) return step;
  }
  if (std::string step = step_for_certificates(status); !step.empty()) return step;
  if (status.machine.under_voltage == true) return "the power supply is too weak: under-voltage";
  return "";
}

std::string describe_state(const HostStatus& status) {
  if (status.fault == Fault::none) return std::string(word_for(status.state));
  return fmt::format("{}, {}", word_for(status.state), word_for(status.fault));
}

std::string role_of(const HostStatus& status) {
  if (!status.cluster) return "standalone";
  return status.cluster->master ? "master" : "standby";
}

}  // namespace pizwg
