#include <fmt/format.h>

#include "core/health.h"

namespace pizwg {
namespace {

constexpr double little_disk = 0.10;
constexpr double little_memory = 0.10;
constexpr double hot = 75;       // the Pi slows itself down at 80
constexpr double very_hot = 80;  // degrees Celsius

// A fact that is good or bad. Nothing for what nobody can tell.
void judge_fact(Findings& findings, const std::optional<bool>& good, Finding if_good, Finding if_bad) {
  if (good) findings.push_back(*good ? std::move(if_good) : std::move(if_bad));
}

std::optional<bool> no(const std::optional<bool>& fact) {
  return fact ? std::optional(!*fact) : std::nullopt;
}

void judge_access(Findings& findings, const SystemFacts& facts) {
  judge_fact(findings, facts.root_password_locked,
             {"root-password", Grade::ok, "root has no password to guess", ""},
             {"root-password", Grade::warning, "root can log in with a password", "passwd --lock root"});
  judge_fact(findings, no(facts.ssh_password_login), {"ssh-password", Grade::ok, "SSH takes keys only", ""},
             {"ssh-password", Grade::warning, "SSH takes passwords",
              "PasswordAuthentication no in /etc/ssh/sshd_config.d/pizwg.conf"});
}

// Expected: SSH, the gateway, the node exporter; and a DHCP client and a time client, which listen for
// answers.
void judge_ports(Findings& findings, const SystemFacts& facts, unsigned gateway_port) {
  if (!facts.ports) return;
  const std::set<std::pair<std::string, unsigned>> expected{{"tcp", 22}, {"tcp", gateway_port}, {"tcp", 9100},
                                                            {"udp", 68}, {"udp", 123},          {"udp", 546}};
  std::string others;
  for (const auto& [protocol, port] : *facts.ports) {
    if (!expected.contains({protocol, port}))
      others += fmt::format("{}{} {}", others.empty() ? "" : ", ", protocol, port);
  }
  if (others.empty()) {
    findings.push_back({"ports", Grade::ok, "nothing else listens on the network", ""});
  } else {
    findings.push_back({"ports", Grade::warning, "more listens on the network than needed: " + others,
                        "ss -lntup says which programs; remove them"});
  }
}

void judge_share(Findings& findings, std::string check, const std::optional<double>& free, double little,
                 std::string_view of, std::string hint) {
  if (!free) return;
  const std::string what = fmt::format("{:.0f} % of {} free", *free * 100, of);
  const bool enough = *free >= little;
  findings.push_back(
      {std::move(check), enough ? Grade::ok : Grade::warning, what, enough ? "" : std::move(hint)});
}

void judge_temperature(Findings& findings, const std::optional<double>& temperature) {
  if (!temperature) return;
  const Grade grade = *temperature >= very_hot ? Grade::error
                      : *temperature >= hot    ? Grade::warning
                                               : Grade::ok;
  findings.push_back({"temperature", grade, fmt::format("{:.0f} °C", *temperature),
                      grade == Grade::ok ? "" : "a heat sink or a fan; more air"});
}

void judge_machine(Findings& findings, const MachineStatus& machine) {
  judge_fact(findings, machine.root_read_only,
             {"root-read-only", Grade::ok, "the root file system is read-only", ""},
             {"root-read-only", Grade::warning, "the root file system is writable: a power cut can damage it",
              "ro, on PiZWG's image"});
  judge_fact(findings, machine.clock_synchronised,
             {"clock", Grade::ok, "the clock follows a time server", ""},
             {"clock", Grade::warning, "the clock follows no time server", "timedatectl"});
  judge_fact(findings, machine.watchdog_armed, {"watchdog", Grade::ok, "the hardware watchdog runs", ""},
             {"watchdog", Grade::warning, "the hardware watchdog does not run",
              "RuntimeWatchdogSec=15 in /etc/systemd/system.conf.d/pizwg.conf"});
  judge_fact(findings, no(machine.under_voltage),
             {"power-supply", Grade::ok, "the power supply is strong enough", ""},
             {"power-supply", Grade::error, "under-voltage: the power supply is too weak",
              "the vendor's own supply; a shorter cable"});
  judge_fact(findings, no(machine.throttled),
             {"throttling", Grade::ok, "the processor runs at full speed", ""},
             {"throttling", Grade::warning, "the processor is slowed down", "temperature and power supply"});
}

}  // namespace

Findings judge_system(const SystemFacts& facts, unsigned gateway_port) {
  Findings findings;
  judge_access(findings, facts);
  judge_ports(findings, facts, gateway_port);
  judge_machine(findings, facts.machine);
  judge_share(findings, "disk", facts.disk_free, little_disk, "the root file system",
              "journalctl --vacuum-size=50M; apt-get clean");
  judge_share(findings, "memory", facts.memory_free, little_memory, "the memory", "ps aux --sort -rss");
  judge_temperature(findings, facts.temperature);
  return findings;
}

}  // namespace pizwg
