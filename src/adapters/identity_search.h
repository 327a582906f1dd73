#pragma once
// Where an identity's files are below a root: looks at names only, and reads none. A name that is not one of
// an identity's (core/identity_paths.h) is somebody else's and left out.

#include <filesystem>
#include <set>
#include <string>
#include <vector>

#include "base/error.h"
#include "core/identity_paths.h"

namespace pizwg {

struct IdentitySearch {
  std::set<std::string> clients;
  std::vector<std::string> certificates;  // the paths of the clients' certificates, allowed and revoked
  std::vector<Error> unreadable;          // folders of which nothing could be said
};

// Folders that do not exist have nothing in them.
IdentitySearch search_identity(const std::filesystem::path& root);

// The content of one file, if there is such a file: not being there is no error.
Result<bool> read_into(IdentityFiles& files, const std::filesystem::path& root, const std::string& path);

}  // namespace pizwg
