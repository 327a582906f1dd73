#pragma once
// How the identity on the disk is, and its backup, for `pizwg doctor`. Changes nothing.

#include <filesystem>

#include "core/health.h"

namespace pizwg {

IdentityFacts read_identity_facts(const std::filesystem::path& root, const Now& now);

}  // namespace pizwg
