#pragma once
// How pizwg-connect is, as text: for people, for programs (JSON), for systemd and for the node exporter's
// textfile collector.

#include <string>

#include "connect/relay.h"
#include "connect/uplink.h"

namespace pizwg {

struct Report {
  Uplink::State uplink;
  Relay::Counters bytes;
  std::string application;  // the endpoint that one has open; empty: none
};

std::string sentence(const Report& report);
// Lines of "word: value".
std::string for_people(const Report& report);
std::string as_json(const Report& report);
std::string as_metrics(const Report& report);

}  // namespace pizwg
