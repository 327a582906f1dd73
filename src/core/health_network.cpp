#include <algorithm>
#include <fmt/format.h>

#include "base/text.h"
#include "core/health.h"

namespace pizwg {
namespace {

// The addresses that the virtual router is announced from.
std::vector<std::string> announcers(const NetworkFacts& facts, unsigned router) {
  std::vector<std::string> from;
  for (const Advert& advert : facts.adverts.value_or(std::set<Advert>())) {
    if (advert.router == router) from.push_back(advert.from);
  }
  return from;
}

Finding judge_keepalived(const ClusterStatus& cluster, const NetworkFacts& facts) {
  if (!cluster.keepalived_running)
    return {"keepalived", Grade::error, "keepalived does not run", "systemctl status keepalived"};
  if (facts.configured == false) {
    return {"keepalived", Grade::error, "keepalived's configuration is not the one for this network",
            "systemctl restart keepalived"};
  }
  return {"keepalived", Grade::ok, "keepalived runs with our configuration", ""};
}

Finding judge_vip(const ClusterStatus& cluster, const NetworkFacts& facts, unsigned router) {
  if (cluster.vip.empty()) return {"vip", Grade::error, "no network to be elected in", "ip address"};
  if (cluster.master) {
    if (cluster.vip_held) return {"vip", Grade::ok, cluster.vip + " is held by this host", ""};
    return {"vip", Grade::error, cluster.vip + " is not held, although this host is master",
            "systemctl restart keepalived"};
  }
  if (facts.vip_answers == true && cluster.master_name.empty() && facts.adverts &&
      announcers(facts, router).empty()) {
    return {
        "vip", Grade::error,
        fmt::format("{} is in use by something that is no master: {}", cluster.vip, facts.vip_answered_by),
        "take it out of the DHCP server's range, or set vip in pizwg.toml"};
  }
  return {"vip", Grade::ok, cluster.vip + " is free or the master's; keep it out of the DHCP range", ""};
}

// A master hears nobody else; a standby one master.
void judge_router(Findings& findings, const ClusterStatus& cluster, const std::vector<std::string>& heard,
                  unsigned router) {
  if (heard.size() > (cluster.master ? 0 : 1)) {
    findings.push_back({"router-id", Grade::error,
                        fmt::format("the virtual router {} is announced by {}{}", router, list_of(heard),
                                    cluster.master ? ", too" : ""),
                        "two masters, or a stranger: set another virtual_router_id on all hosts"});
  } else if (cluster.master) {
    findings.push_back(
        {"router-id", Grade::ok, fmt::format("nobody else announces the router {}", router), ""});
  }
}

void judge_multicast(Findings& findings, const ClusterStatus& cluster, bool heard) {
  if (cluster.master) return;
  if (heard) {
    findings.push_back({"multicast", Grade::ok, "the master's announcements arrive", ""});
  } else if (!cluster.master_name.empty()) {
    findings.push_back({"multicast", Grade::error,
                        cluster.master_name + " is master, but its announcements do not arrive",
                        "switches that filter multicast: set peers in pizwg.toml on all hosts"});
  }
}

void judge_adverts(Findings& findings, const ClusterStatus& cluster, const NetworkFacts& facts,
                   unsigned router) {
  if (!facts.adverts) return;
  const auto heard = announcers(facts, router);
  judge_router(findings, cluster, heard, router);
  judge_multicast(findings, cluster, !heard.empty());
}

Finding judge_exporter(const NetworkFacts& facts) {
  if (!facts.exporter) {
    return {"node-exporter", Grade::warning, facts.exporter.error().what, facts.exporter.error().hint};
  }
  return {"node-exporter", Grade::ok, "the node exporter shows PiZWG's metrics on port 9100", ""};
}

Finding judge_peers(const ClusterStatus& cluster) {
  const bool other_fit =
      !cluster.master_name.empty() || std::ranges::any_of(cluster.peers, &HostSummary::fit);
  if (other_fit) return {"other-hosts", Grade::ok, "another host serves, or could take over", ""};
  return {"other-hosts", Grade::warning, "no other host is known to be fit",
          "pizwg status there; docs/operations.md, \"A second host\""};
}

}  // namespace

Findings judge_network(const Config& config, const HostStatus& status, const NetworkFacts& facts) {
  Findings findings;
  if (status.cluster) {
    findings.push_back(judge_keepalived(*status.cluster, facts));
    findings.push_back(judge_vip(*status.cluster, facts, config.virtual_router_id));
    judge_adverts(findings, *status.cluster, facts, config.virtual_router_id);
    findings.push_back(judge_peers(*status.cluster));
  }
  findings.push_back(judge_exporter(facts));
  return findings;
}

}  // namespace pizwg
