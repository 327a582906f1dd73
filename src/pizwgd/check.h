#pragma once
// `pizwgd --check`: says, one line each, whether configuration, identity and gateway would do. Changes
// nothing, and opens no device: a daemon may be using it.

#include <filesystem>

#include "core/config.h"

namespace pizwg {

// The exit status: 0 when all is well.
int check(const Config& config, const std::filesystem::path& root);

}  // namespace pizwg
