#pragma once
// All that is known about a host, as one value: what metrics, status and doctor tell of it. Made by pizwgd of
// itself, or read from the metrics of another host. What this machine cannot tell is empty, not false.

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "core/host_record.h"
#include "core/lifecycle.h"
#include "core/moment.h"
#include "core/peer_message.h"

namespace pizwg {

// Of a host that shares a gateway's clones with others.
struct ClusterStatus {
  bool master = false;  // what the election says
  std::string vip{};    // "192.168.1.254"; empty without a network
  bool vip_held = false;
  std::string interface {};
  std::string address{};
  bool veto = true;
  bool keepalived_running = false;
  bool hub_switchable = true;
  std::string hub{};            // "1-1 port 2"; empty while unknown
  bool hub_powered = false;     // as far as anybody ordered
  bool hub_proven_off = false;  // no trace of the gateway since it was turned off
  std::string master_name{};    // of another host, when it is known
  std::vector<HostSummary> peers{};

  bool operator==(const ClusterStatus&) const = default;
};

struct GatewayStatus {
  bool open = false;
  bool proven = false;
  std::string device{};  // "/dev/ttyACM0", as it was last
  std::string usb{};     // "1-1.2:1.0"; empty for what is not on the USB
  std::optional<WallTime> last_proven{};

  bool operator==(const GatewayStatus&) const = default;
};

struct SessionStatus {
  std::string client;
  std::string from;
  WallTime started{};

  bool operator==(const SessionStatus&) const = default;
};

struct CertificateStatus {
  enum class Kind { server, client } kind = Kind::client;
  std::string name{};
  std::string fingerprint{};  // its first 16 hex digits
  WallTime expires{};

  bool operator==(const CertificateStatus&) const = default;
};

// What the machine tells, where it does.
struct MachineStatus {
  std::optional<bool> root_read_only{};
  std::optional<bool> clock_synchronised{};
  std::optional<bool> watchdog_armed{};
  std::optional<bool> under_voltage{};
  std::optional<bool> throttled{};

  bool operator==(const MachineStatus&) const = default;
};

struct FailoverStatus {
  WallTime at{};
  std::chrono::milliseconds took{};

  bool operator==(const FailoverStatus&) const = default;
};

struct RoleChangeStatus {
  WallTime at{};
  bool master = false;
  Event reason = Event::became_master;

  bool operator==(const RoleChangeStatus&) const = default;
};

struct HostStatus {
  std::string name{};
  std::string version{};
  WallTime told{};  // when this was true
  State state = State::unprovisioned;
  Fault fault = Fault::none;
  bool fit = false;  // serves, or could take over
  bool maintenance = false;
  WallTime since{};  // in this state
  std::optional<ClusterStatus> cluster{};
  GatewayStatus gateway{};
  std::optional<SessionStatus> session{};
  std::optional<WallTime> last_served{};
  std::optional<FailoverStatus> failover{};
  std::optional<RoleChangeStatus> role_change{};
  SessionCounts sessions{};
  GatewayCounts gateway_counts{};
  RoleCounts role{};
  std::vector<CertificateStatus> certificates{};
  MachineStatus machine{};

  bool operator==(const HostStatus&) const = default;
};

// Ours first, then by name.
void sort_certificates(std::vector<CertificateStatus>& certificates);

// What the lifecycle says; the rest is the caller's.
void tell_lifecycle(HostStatus& status, const Lifecycle& lifecycle, const Now& now);

// What the record says, a gateway that is open and a session that runs being told as of now.
void tell_record(HostStatus& status, const HostRecord& record, const Now& now);

// The next thing to do, for a person; empty when there is nothing.
std::string next_step(const HostStatus& status);

// "faulty, no-gateway": the words of the logs.
std::string describe_state(const HostStatus& status);

// "standalone", "master", or "standby" for whoever is not master.
std::string role_of(const HostStatus& status);

}  // namespace pizwg
