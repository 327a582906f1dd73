#pragma once
// What a host has been through, as far as people want to know it later: counts, and when its gateway last
// worked and served. Survives the daemon, and where there is a place to keep it, the machine's boots too: a
// host that is started anew after every session would otherwise have nothing to tell.

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/moment.h"
#include "core/tally.h"

namespace pizwg {

struct Traffic {
  std::uint64_t bytes = 0;
  std::uint64_t records = 0;  // reads that gave something

  bool operator==(const Traffic&) const = default;
};

struct SessionCounts {
  std::uint64_t started = 0;
  SessionEndTally ended;
  RefusalTally refused;
  Traffic from_client;
  Traffic to_client;
  std::uint64_t dropped_bytes = 0;  // from the client, while the gateway was away

  bool operator==(const SessionCounts&) const = default;
};

struct GatewayCounts {
  std::uint64_t hang_ups = 0;                   // it left while it was open
  std::uint64_t returns = 0;                    // and came back within the grace: a re-enumeration
  std::uint64_t open_failures = 0;              // different reasons in a row, not tries
  std::optional<LineErrorTally> line_errors{};  // of the driver that counts them; not all do

  bool operator==(const GatewayCounts&) const = default;
};

struct RoleCounts {
  std::uint64_t became_master = 0;
  std::uint64_t lost_master = 0;
  std::uint64_t failovers = 0;  // became master, and could serve
  std::uint64_t hub_failures = 0;

  bool operator==(const RoleCounts&) const = default;
};

struct Failover {
  Moment at;
  std::chrono::milliseconds took{};  // from master to ready

  bool operator==(const Failover&) const = default;
};

struct RoleChange {
  Moment at;
  bool master = false;                  // this host is, since then
  Event reason = Event::became_master;  // what it followed from

  bool operator==(const RoleChange&) const = default;
};

struct HostRecord {
  SessionCounts sessions;
  GatewayCounts gateway;
  RoleCounts role;
  std::optional<Moment> gateway_proven;  // seen to work
  std::optional<Moment> served;          // a client
  std::optional<Failover> failover;
  std::optional<RoleChange> role_change;

  bool operator==(const HostRecord&) const = default;
};

// `boot` names the machine's present boot: one word.
std::string format_record(const HostRecord& record, std::string_view boot);

// What cannot be read is left out: a damaged record is as good as a part of it. Of another boot, moments keep
// their time of day only.
HostRecord parse_record(std::string_view text, std::string_view boot);

}  // namespace pizwg
