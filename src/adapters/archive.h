#pragma once
// A backup as the bytes of a tar archive, and back: libarchive, the tar format only, uncompressed. Whatever
// core/backup_manifest.h does not admit is refused, and so is an archive that is cut short. Touches no file.

#include <string>
#include <string_view>

#include "base/error.h"
#include "core/identity_paths.h"

namespace pizwg {

// The same files give the same bytes: ustar, sorted, root's, one fixed time.
Result<std::string> write_archive(const IdentityFiles& files);

Result<IdentityFiles> read_archive(std::string_view bytes);

}  // namespace pizwg
