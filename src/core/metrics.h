#pragma once
// A host's status as Prometheus' metrics, and back. docs/metrics.md documents each; a test compares.

#include <string>
#include <string_view>

#include "base/error.h"
#include "core/host_status.h"

namespace pizwg {

std::string render_metrics(const HostStatus& status);

// From the page of a node exporter, which has much else. Errors: PiZWG is not on it, or has not reported for
// a few minutes.
Result<HostStatus> read_metrics(std::string_view page);

// Reports of a quiet host are at most this old.
inline constexpr std::chrono::seconds report_interval{60};

}  // namespace pizwg
