#pragma once
// Who else is on the network segment: an ARP probe for one address, and the VRRP announcements that arrive.
// Needs root (raw sockets). Sends one packet, which takes nothing from anybody.

#include <chrono>
#include <optional>
#include <set>
#include <string>

#include "core/health.h"
#include "core/ipv4.h"

namespace pizwg {

// The MAC that answers for `address` on `interface` ("" when nobody does); empty when it could not be asked.
std::optional<std::string> probe_address(const std::string& interface, Ipv4 address,
                                         std::chrono::milliseconds limit);

// The announcements of others that arrive within `time`; empty when it could not be listened.
std::optional<std::set<Advert>> hear_adverts(const std::string& interface, std::chrono::milliseconds time);

}  // namespace pizwg
