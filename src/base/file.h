#pragma once
// Whole small files: read with a limit, written so that a crash or a full disk leaves the old file or the new
// one, never half of either; and the two steps of which such a write is made. Not for devices.

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <sys/types.h>

#include "base/error.h"

namespace pizwg {

// The whole content of a regular file; more than `limit` bytes is an error.
Result<std::string> read_file(const std::filesystem::path& path, std::size_t limit);

// Writes beside the target under a temporary name, born with `mode` (the umask does not apply), synced, then
// renamed over it, and the folder synced. On failure the target is untouched and nothing is left behind.
Result<void> write_file(const std::filesystem::path& path, std::string_view content, mode_t mode);

// The same for what a crash may lose, such as a report that is written again and again: not synced, so that
// it never waits for a slow card. Readers see the old file or the new one.
Result<void> replace_file(const std::filesystem::path& path, std::string_view content, mode_t mode);

// The first step: the content beside its target, under a hidden temporary name which is returned, with
// `mode` and, if one is given, of that group, synced. On failure nothing is left behind.
Result<std::filesystem::path> stage_file(const std::filesystem::path& target, std::string_view content,
                                         mode_t mode, std::optional<gid_t> group = {});

// The last step: a rename is only on the disk when its folder is.
void sync_folder(const std::filesystem::path& folder);

// "cannot VERB "PATH": reason", with the hint that an errno value deserves (not root, read-only, disk full).
std::unexpected<Error> fail_file(std::string_view verb, const std::filesystem::path& path, int error_number);

// The folder of `path`; "." for a bare name.
std::filesystem::path folder_of(const std::filesystem::path& path);

}  // namespace pizwg
