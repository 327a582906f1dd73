#pragma once
// `pizwgd --render-keepalived FILE`: keepalived's configuration for this host as it is now, before keepalived
// starts or reads it again.

#include <filesystem>

#include "base/error.h"
#include "core/config.h"

namespace pizwg {

// Errors: a standalone host, which has no use for keepalived; no network yet; the file cannot be written.
Result<void> render_keepalived_to(const std::filesystem::path& file, const Config& config);

}  // namespace pizwg
