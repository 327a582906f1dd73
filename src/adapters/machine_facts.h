#pragma once
// What the machine tells of itself beyond what the node exporter does: read-only root, clock, watchdog, and
// on a Raspberry Pi the power supply. Asks files and the kernel; needs no privilege; changes nothing.

#include <filesystem>

#include "core/host_status.h"

namespace pizwg {

// `root`: the folder under which /sys and /run are looked for, for tests.
MachineStatus read_machine_status(const std::filesystem::path& root = "/");

}  // namespace pizwg
