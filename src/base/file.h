#pragma once
// Whole small files: read with a limit, written so that a crash or a full disk leaves the old file or the new one,
// never half of either. Not for devices.

#include <sys/types.h>

#include <filesystem>
#include <string>
#include <string_view>

#include "base/error.h"

namespace pizwg {

// The whole content of a regular file; more than `limit` bytes is an error.
Result<std::string> read_file(const std::filesystem::path& path, std::size_t limit);

// Writes beside the target under a temporary name, born with `mode` (the umask does not apply), synced, then renamed
// over it, and the folder synced. On failure the target is untouched and nothing is left behind.
Result<void> write_file(const std::filesystem::path& path, std::string_view content, mode_t mode);

}  // namespace pizwg
