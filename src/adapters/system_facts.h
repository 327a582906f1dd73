#pragma once
// What `pizwg doctor` looks at on the machine itself: logins, open ports, disk, memory, temperature. What
// cannot be read is left empty.

#include <filesystem>

#include "core/health.h"

namespace pizwg {

SystemFacts read_system_facts(const std::filesystem::path& root);

}  // namespace pizwg
