#include <algorithm>
#include <fmt/format.h>

#include "core/health.h"

namespace pizwg {
namespace {

constexpr std::chrono::days long_ago{30};
constexpr std::string_view gen5 = "0658:0200";  // the first Z-Stick Gen5, and most sticks of the 500 series

Finding judge_found(const HostStatus& status) {
  const GatewayStatus& gateway = status.gateway;
  if (gateway.device.empty()) {
    return {"gateway", Grade::error, "no gateway has been seen", "is it plugged in? ls -l /dev/serial/by-id"};
  }
  const std::string where =
      gateway.usb.empty() ? gateway.device : fmt::format("{} (USB {})", gateway.device, gateway.usb);
  return {"gateway", Grade::ok, where, ""};
}

Finding judge_proof(const HostStatus& status) {
  const auto& proven = status.gateway.last_proven;
  if (status.gateway.open) return {"gateway-proven", Grade::ok, "it is open", ""};
  if (!proven || !status.gateway.proven)
    return {"gateway-proven", Grade::error, "the gateway is not known to work", "pizwg prove"};
  if (status.told - *proven > long_ago) {
    return {"gateway-proven", Grade::warning,
            fmt::format("the gateway was last seen to work {} days ago",
                        std::chrono::duration_cast<std::chrono::days>(status.told - *proven).count()),
            "pizwg prove, at a quiet hour"};
  }
  return {"gateway-proven", Grade::ok, "the gateway was seen to work lately", ""};
}

// "1-1.2" hangs on a port of the Pi 4's own hub, "1-1"; "1-1.2.1" on a hub behind it.
bool is_directly_in_pi4(const UsbFacts& usb) {
  return usb.model.find("Raspberry Pi 4") != std::string::npos && std::ranges::count(usb.path, '.') == 1;
}

void judge_plug(Findings& findings, const UsbFacts& usb) {
  if (usb.gateway != gen5 || !is_directly_in_pi4(usb)) return;
  findings.push_back({"gateway-plug", Grade::warning,
                      "the first Gen5 sticks do not start in a Pi 4's own sockets",
                      "plug it into a bus-powered USB 2 hub"});
}

Finding judge_hub_found(const ClusterStatus& cluster) {
  if (!cluster.hub_switchable) {
    return {"hub", Grade::warning, "hub = \"none\": two hosts' gateways are on the air at the same time",
            "a hub that can be switched; docs/operations.md lists some"};
  }
  if (cluster.hub.empty())
    return {"hub", Grade::error, "the gateway's hub is not known yet", "pizwg prove finds it"};
  return {"hub", Grade::ok, cluster.hub, ""};
}

void judge_hub_power(Findings& findings, const HostStatus& status) {
  if (!status.cluster->hub_switchable) return;
  if (status.fault == Fault::hub_stuck) {
    findings.push_back({"hub-power", Grade::error, "the hub does not turn the gateway off",
                        "uhubctl says what it can; is the hub self-powered?"});
  } else if (status.cluster->hub_proven_off) {
    findings.push_back({"hub-power", Grade::ok, "off, and no trace of the gateway is left", ""});
  } else if (status.cluster->hub_powered) {
    findings.push_back({"hub-power", Grade::ok, "on", ""});
  } else {
    findings.push_back(
        {"hub-power", Grade::warning, "off, which is not proven", "pizwg status, in a few seconds"});
  }
}

void judge_hub_supply(Findings& findings, const UsbFacts& usb) {
  if (usb.hub_self_powered != true) return;
  findings.push_back({"hub-supply", Grade::warning,
                      "the hub has a power supply of its own: it can keep the gateway alive",
                      "unplug the hub's supply, or take one without"});
}

}  // namespace

Findings judge_gateway(const HostStatus& status, const UsbFacts& usb) {
  Findings findings{judge_found(status), judge_proof(status)};
  judge_plug(findings, usb);
  if (!status.cluster) return findings;
  findings.push_back(judge_hub_found(*status.cluster));
  judge_hub_power(findings, status);
  judge_hub_supply(findings, usb);
  return findings;
}

}  // namespace pizwg
