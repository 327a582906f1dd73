#pragma once
// Findings as they are told: lines for a person, JSON for programs, metrics for Prometheus.

#include <string>

#include "core/health.h"
#include "core/status_screen.h"

namespace pizwg {

std::string findings_screen(const Findings& findings, Colour colour);
std::string findings_json(const Findings& findings);
std::string findings_metrics(const Findings& findings, WallTime now);

}  // namespace pizwg
