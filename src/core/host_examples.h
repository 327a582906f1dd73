#pragma once
// Hosts for unit tests: one of each kind, with everything set that can be.

#include "core/host_status.h"

namespace pizwg::examples {

inline WallTime noon() {
  return WallTime(std::chrono::sys_days(std::chrono::year{2026} / 11 / 25) + std::chrono::hours(12));
}

inline HostStatus serving_master() {
  using namespace std::chrono_literals;
  HostStatus host{.name = "pi-1", .version = "0.1.0", .told = noon(), .state = State::serving, .fit = true};
  host.since = noon() - 2h - 3min;
  host.cluster = ClusterStatus{.master = true,
                               .vip = "192.168.1.254",
                               .vip_held = true,
                               .interface = "eth0",
                               .address = "192.168.1.20/24",
                               .veto = false,
                               .keepalived_running = true,
                               .hub = "1-1 port 2",
                               .hub_powered = true,
                               .peers = {{.name = "pi-2", .state = "standby", .fit = true}}};
  host.gateway = {
      .open = true, .proven = true, .device = "/dev/ttyACM0", .usb = "1-1.2:1.0", .last_proven = noon()};
  host.session =
      SessionStatus{.client = "pizwg-client", .from = "192.168.1.5:40000", .started = noon() - 2h - 3min};
  host.last_served = noon();
  host.failover = FailoverStatus{.at = noon() - 72h, .took = 1321ms};
  host.role_change =
      RoleChangeStatus{.at = noon() - 72h - 2s, .master = true, .reason = Event::became_master};
  host.sessions.started = 4;
  host.sessions.ended[SessionEnd::client_vanished] = 2;
  host.sessions.ended[SessionEnd::client_closed] = 1;
  host.sessions.refused[Refusal::certificate_unknown] = 7;
  host.sessions.from_client = {.bytes = 4'812, .records = 301};
  host.sessions.to_client = {.bytes = 1'234'567, .records = 20'001};
  host.sessions.dropped_bytes = 5;
  host.gateway_counts = {.hang_ups = 2, .returns = 1, .open_failures = 3};
  host.gateway_counts.line_errors.emplace()[LineError::framing] = 4;
  host.role = {.became_master = 2, .lost_master = 1, .failovers = 2, .hub_failures = 1};
  host.certificates = {{.kind = CertificateStatus::Kind::server,
                        .name = "pizwg-server",
                        .fingerprint = "0a1bff0000000000",
                        .expires = noon() + 24h * 3650},
                       {.kind = CertificateStatus::Kind::client,
                        .name = "pizwg-client",
                        .fingerprint = "1a1bff0000000000",
                        .expires = noon() + 24h * 3650}};
  host.machine = {.root_read_only = true,
                  .clock_synchronised = true,
                  .watchdog_armed = true,
                  .under_voltage = false,
                  .throttled = false};
  return host;
}

inline HostStatus standby() {
  HostStatus host = serving_master();
  host.name = "pi-2";
  host.state = State::standby;
  host.cluster->master = false;
  host.cluster->vip_held = false;
  host.cluster->hub_powered = false;
  host.cluster->hub_proven_off = true;
  host.cluster->master_name = "pi-1";
  host.cluster->peers = {{.name = "pi-1", .state = "serving", .fit = true}};
  host.gateway.open = false;
  host.gateway.last_proven = noon() - std::chrono::hours(77);
  host.session.reset();
  host.last_served = noon() - std::chrono::hours(300);
  host.role_change = RoleChangeStatus{
      .at = noon() - std::chrono::hours(72), .master = false, .reason = Event::handover_ordered};
  return host;
}

inline HostStatus faulty() {
  HostStatus host = standby();
  host.name = "pi-3";
  host.state = State::faulty;
  host.fault = Fault::no_gateway;
  host.fit = false;
  host.cluster->veto = true;
  host.gateway.proven = false;
  return host;
}

// Nothing that only some machines can tell.
inline HostStatus standalone() {
  HostStatus host{.name = "cupboard", .version = "0.1.0", .told = noon(), .state = State::ready, .fit = true};
  host.since = noon() - std::chrono::minutes(5);
  host.gateway = {.open = true, .proven = true, .device = "/tmp/gateway", .usb = "", .last_proven = noon()};
  return host;
}

}  // namespace pizwg::examples
