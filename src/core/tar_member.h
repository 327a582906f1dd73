#pragma once
// One member of a tar archive, found in its bytes: enough for pizwg-connect to take two small files out of a
// backup without libarchive and the dozen libraries behind it. ustar and GNU tar as `pizwg backup` and the
// first PiZWG write them; regular files with names of up to 100 characters. A long name or a sparse file is
// passed over.

#include <string>
#include <string_view>

#include "base/error.h"

namespace pizwg {

// The content of `name`, which the archive may have as "./name", too. Errors: no tar archive, damaged or cut
// short, or no such member.
Result<std::string> read_tar_member(std::string_view archive, std::string_view name);

}  // namespace pizwg
