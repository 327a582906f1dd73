#include "core/status_screen.h"

#include <algorithm>
#include <fmt/format.h>

#include "base/text.h"
#include "core/date.h"

namespace pizwg {
namespace {

constexpr std::size_t label_columns = 14;

std::string coloured(Colour colour, bool good, std::string_view text) {
  if (colour == Colour::no) return std::string(text);
  return fmt::format("\x1b[{}m{}\x1b[0m", good ? "32" : "1;31", text);
}

std::string row(std::string_view label, std::string_view text) {
  return fmt::format("  {:<{}}{}\n", label, label_columns - 2, wrapped(text, label_columns));
}

std::string ago(const HostStatus& status, const std::optional<WallTime>& then) {
  if (!then) return "never, as far as is known";
  const auto since = status.told - *then;
  if (since < std::chrono::seconds(1)) return "now";
  return for_people(since) + " ago";
}

std::string role_text(const HostStatus& status) {
  if (!status.cluster) return "standalone";
  const ClusterStatus& cluster = *status.cluster;
  if (cluster.master) return "master";
  if (cluster.master_name.empty()) return "standby; no master is known";
  return "standby; " + plain(cluster.master_name) + " is master";
}

std::string vip_text(const ClusterStatus& cluster) {
  if (cluster.vip.empty()) return "unknown: no network to be elected in";
  return fmt::format("{}, {}; this host is {} on {}{}", plain(cluster.vip),
                     cluster.vip_held ? "held" : "not held", plain(cluster.address), plain(cluster.interface),
                     cluster.keepalived_running ? "" : "; keepalived does not run");
}

std::string hub_text(const ClusterStatus& cluster) {
  if (!cluster.hub_switchable) return "none: the gateway always has power";
  const std::string where = cluster.hub.empty() ? "not found yet" : plain(cluster.hub);
  if (cluster.hub_powered) return where + ", on";
  return where + (cluster.hub_proven_off ? ", off, which is proven" : ", off, which is not proven");
}

std::string gateway_text(const HostStatus& status) {
  const GatewayStatus& gateway = status.gateway;
  std::string where = gateway.device.empty() ? "not seen" : plain(gateway.device);
  if (!gateway.usb.empty()) where += fmt::format(" (USB {})", plain(gateway.usb));
  if (gateway.open) return where + ", open";
  return fmt::format("{}, closed; {}, last seen to work {}", where, gateway.proven ? "proven" : "not proven",
                     ago(status, gateway.last_proven));
}

std::string left_text(const GatewayCounts& gateway) {
  return fmt::format("{} time{} while it was open; back within the grace: {}", gateway.hang_ups,
                     gateway.hang_ups == 1 ? "" : "s", gateway.returns);
}

std::string session_text(const HostStatus& status) {
  if (!status.session) return "none; last served " + ago(status, status.last_served);
  return fmt::format("{} from {}, for {}", plain(status.session->client), plain(status.session->from),
                     for_people(status.told - status.session->started));
}

std::string traffic_text(const SessionCounts& sessions) {
  return fmt::format("{} bytes from clients, {} to them, in {} sessions", sessions.from_client.bytes,
                     sessions.to_client.bytes, sessions.started);
}

// The reasons with their numbers, the most frequent first; empty for none.
template <typename SomeTally>
std::string tally_text(const SomeTally& tally) {
  std::vector<std::pair<std::uint64_t, std::string_view>> counted;
  for (std::size_t i = 0; i < SomeTally::size; ++i) {
    const auto word = SomeTally::word(i);
    if (tally[word] > 0) counted.emplace_back(tally[word], word_for(word));
  }
  std::ranges::stable_sort(counted, std::greater(), &std::pair<std::uint64_t, std::string_view>::first);
  std::vector<std::string> words;
  for (const auto& [count, word] : counted) words.push_back(fmt::format("{} {}", word, count));
  return fmt::format("{}", fmt::join(words, ", "));
}

std::string failover_text(const HostStatus& status) {
  std::vector<std::string> parts;
  if (const auto& change = status.role_change) {
    parts.push_back(fmt::format("became {} {} ({})", change->master ? "master" : "standby",
                                ago(status, change->at), word_for(change->reason)));
  }
  if (const auto& failover = status.failover) {
    parts.push_back(fmt::format("the last failover to it took {:.1f} s, {}",
                                std::chrono::duration<double>(failover->took).count(),
                                ago(status, failover->at)));
  }
  return fmt::format("{}", fmt::join(parts, "; "));
}

std::string peers_text(const ClusterStatus& cluster) {
  std::vector<std::string> peers;
  for (const HostSummary& peer : cluster.peers) {
    peers.push_back(
        fmt::format("{} is {}, {}", plain(peer.name), plain(peer.state), peer.fit ? "fit" : "not fit"));
  }
  if (peers.empty()) return "none is known";
  return fmt::format("{}", fmt::join(peers, "; "));
}

std::string certificates_text(const HostStatus& status) {
  std::vector<std::string> words;
  for (const CertificateStatus& certificate : status.certificates) {
    words.push_back(fmt::format("{} until {}", plain(certificate.name),
                                format_date(std::chrono::floor<std::chrono::seconds>(certificate.expires))));
  }
  return words.empty() ? "none" : fmt::format("{}", fmt::join(words, ", "));
}

std::string machine_text(const MachineStatus& machine) {
  std::vector<std::string_view> words;
  const auto say = [&words](const std::optional<bool>& fact, std::string_view yes, std::string_view no) {
    if (fact) words.push_back(*fact ? yes : no);
  };
  say(machine.root_read_only, "root read-only", "root writable");
  say(machine.clock_synchronised, "clock synchronised", "clock not synchronised");
  say(machine.watchdog_armed, "watchdog armed", "watchdog not armed");
  say(machine.under_voltage, "under-voltage", "voltage good");
  say(machine.throttled, "throttled", "not throttled");
  return words.empty() ? "unknown" : fmt::format("{}", fmt::join(words, ", "));
}

std::string head(const HostStatus& status, Colour colour) {
  const std::string verdict = status.fit ? "fit" : "not fit";
  return fmt::format("{}: {}, {}\n\n", plain(status.name), describe_state(status),
                     coloured(colour, status.fit, verdict));
}

// A long name gives way to how long it has been there.
std::string session_cell(const HostStatus& status) {
  if (!status.session) return "-";
  const std::string duration = for_people(status.told - status.session->started);
  const std::size_t room = 21 - std::min<std::size_t>(duration.size(), 21);
  return fmt::format("{} {}", plain(status.session->client).substr(0, room), duration);
}

// A name that does not fit has a line of its own, and so has one with much to say.
std::string host_cell(std::string_view name) {
  constexpr std::size_t cell = 15;
  return name.size() <= cell ? fmt::format("{:<15} ", name) : fmt::format("{}\n{:16}", name, "");
}

std::string table_row(const HostAnswer& answer, Colour colour) {
  const auto& status = answer.status;
  if (!status) return host_cell(answer.asked) + coloured(colour, false, wrapped(answer.trouble, 16)) + "\n";
  const std::string fit = fmt::format("{:<4}", status->fit ? "yes" : "no");
  const std::string proven = status->gateway.open          ? "now"
                             : status->gateway.last_proven ? ago(*status, status->gateway.last_proven)
                                                           : "never";
  return fmt::format("{}{:<13} {:<10} {} {:<22} {}\n", host_cell(plain(status->name)),
                     word_for(status->state), role_of(*status), coloured(colour, status->fit, fit),
                     session_cell(*status), proven);
}

}  // namespace

std::string plain(std::string_view text) {
  std::string out;
  for (const char c : text) out += c >= ' ' && c <= '~' ? c : '?';
  return out;
}

std::string for_people(std::chrono::milliseconds time) {
  const auto seconds = std::chrono::floor<std::chrono::seconds>(time).count();
  if (seconds < 60) return fmt::format("{} s", std::max<std::int64_t>(seconds, 0));
  if (seconds < 3600) return fmt::format("{} min {} s", seconds / 60, seconds % 60);
  if (seconds < 86400) return fmt::format("{} h {} min", seconds / 3600, seconds % 3600 / 60);
  return fmt::format("{} d {} h", seconds / 86400, seconds % 86400 / 3600);
}

std::string status_screen(const HostStatus& status, Colour colour) {
  std::string text = head(status, colour);
  text += row("role", role_text(status));
  text +=
      row("state", fmt::format("{} for {}", describe_state(status), for_people(status.told - status.since)));
  if (status.cluster) text += row("vip", vip_text(*status.cluster));
  text += row("gateway", gateway_text(status));
  if (status.gateway_counts.hang_ups > 0) text += row("left", left_text(status.gateway_counts));
  if (const auto& errors = status.gateway_counts.line_errors; errors && errors->total() > 0)
    text += row("line errors", tally_text(*errors));
  if (status.cluster) text += row("hub", hub_text(*status.cluster));
  text += row("session", session_text(status));
  text += row("traffic", traffic_text(status.sessions));
  if (status.sessions.ended.total() > 0) text += row("ended", tally_text(status.sessions.ended));
  if (status.sessions.refused.total() > 0) text += row("refused", tally_text(status.sessions.refused));
  if (const std::string failover = failover_text(status); !failover.empty())
    text += row("failover", failover);
  if (status.cluster) text += row("other hosts", peers_text(*status.cluster));
  text += row("expiry", certificates_text(status));
  text += row("machine", machine_text(status.machine));
  if (const std::string step = next_step(status); !step.empty()) text += "\n" + row("next", step);
  return text;
}

std::string cluster_table(const std::vector<HostAnswer>& answers, Colour colour) {
  std::string text = fmt::format("{:<15} {:<13} {:<10} {:<4} {:<22} {}\n", "host", "state", "role", "fit",
                                 "session", "proven");
  for (const HostAnswer& answer : answers) text += table_row(answer, colour);
  for (const auto& [asked, status, trouble] : answers) {
    const std::string step = status ? next_step(*status) : "";
    if (step.empty()) continue;
    const std::string said =
        fmt::format("{}: {}, next: {}", plain(status->name), describe_state(*status), step);
    text += "\n" + wrapped(said, 0) + "\n";
  }
  return text;
}

}  // namespace pizwg
