#pragma once
// The files of this host's identity: found and read, and locked against a second pizwg. `root` is "/" on a
// host, and any folder in tests and image builds. Reads what is there, whole or not: check_identity() judges
// it.

#include <filesystem>
#include <string>

#include "base/error.h"
#include "base/unique_fd.h"
#include "core/identity_paths.h"

namespace pizwg {

// Empty when there is none. Other files in the folders are none of ours and left out.
Result<IdentityFiles> load_identity(const std::filesystem::path& root);

// What becomes of an identity that another one replaces.
enum class Replaced { forgotten, kept };

// Makes `files` the whole identity of this host, and writes the backup of it: all of that or nothing. Files
// that are as they should be are left alone. What the identity had and `files` has not is removed, after the
// rest is written. With Replaced::kept, the identity as it was goes to replaced_backup_path.
Result<void> save_identity(const std::filesystem::path& root, const IdentityFiles& files,
                           Replaced replaced = Replaced::forgotten);

// Held until the descriptor is closed; does not wait for another who has it.
Result<UniqueFd> lock_identity(const std::filesystem::path& root);

}  // namespace pizwg
