#pragma once
// What a careful operator would look at, judged: facts -> findings. Pure: adapters/ collects the facts. Each
// check is named by the anchor of docs/doctor.md that explains it; a test compares. What could not be found
// out is no finding, or one that says so.

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "base/error.h"
#include "core/config.h"
#include "core/host_status.h"

namespace pizwg {

enum class Grade { ok, warning, error };

struct Finding {
  std::string check;  // "hub-power"
  Grade grade = Grade::ok;
  std::string what;  // for ok: what is so
  std::string hint;  // what to type; empty for ok

  bool operator==(const Finding&) const = default;
};
using Findings = std::vector<Finding>;

std::string_view word_for(Grade grade);
Grade worst(const Findings& findings);

struct IdentityFacts {
  bool present = false;
  std::string trouble{};  // files that do not fit together
  std::optional<WallTime> changed{};
  std::optional<WallTime> backup{};
  std::vector<CertificateStatus> certificates{};
  WallTime now{};
};
Findings judge_identity(const IdentityFacts& facts);

struct SystemFacts {
  MachineStatus machine{};
  std::optional<bool> root_password_locked{};
  std::optional<bool> ssh_password_login{};
  std::optional<double> disk_free{};    // share of the root file system
  std::optional<double> memory_free{};  // share that programs could still have
  std::optional<double> temperature{};  // degrees Celsius
  // What listens on the network, "tcp 3333"; loopback does not count.
  std::optional<std::set<std::pair<std::string, unsigned>>> ports{};
};
Findings judge_system(const SystemFacts& facts, unsigned gateway_port);

struct UsbFacts {
  std::string model{};    // "Raspberry Pi 4 Model B Rev 1.4"; empty for another machine
  std::string gateway{};  // "0658:0200", of the USB device; empty while it has no power
  std::string path{};     // "1-1.2"
  std::optional<bool> hub_self_powered{};
};
// `status`: what the daemon says; its absence is judged by judge_daemon.
Findings judge_gateway(const HostStatus& status, const UsbFacts& usb);

Findings judge_daemon(const Result<HostStatus>& status);

// A VRRP advertisement on the wire, from another host.
struct Advert {
  std::string from;
  unsigned router = 0;

  auto operator<=>(const Advert&) const = default;
};

struct NetworkFacts {
  std::optional<bool> vip_answers{};          // to an ARP probe; empty: not asked
  std::string vip_answered_by{};              // its MAC
  std::optional<std::set<Advert>> adverts{};  // heard within a second or two; empty: not listened
  std::optional<bool> configured{};           // keepalived's configuration is the one that is right for now
  Result<HostStatus> exporter = HostStatus{};
};
Findings judge_network(const Config& config, const HostStatus& status, const NetworkFacts& facts);

}  // namespace pizwg
