#pragma once
// A host's status for programs. docs/status.md documents each key; a test compares. Keys are only ever added;
// what is not known is null, and so is what a standalone host has not.

#include <string>
#include <vector>

#include "core/host_status.h"

namespace pizwg {

// With the newline at its end.
std::string status_json(const HostStatus& status);

// What was asked of one of several hosts: its status, or why there is none.
struct HostAnswer {
  std::string asked;  // as the operator called it
  std::optional<HostStatus> status{};
  std::string trouble{};
};

std::string cluster_json(const std::vector<HostAnswer>& answers);

}  // namespace pizwg
