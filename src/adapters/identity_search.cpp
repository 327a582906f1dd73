#include "adapters/identity_search.h"

#include <cerrno>
#include <fcntl.h>
#include <system_error>
#include <unistd.h>
#include <utility>

#include "adapters/identity.h"
#include "base/file.h"
#include "core/client_name.h"

namespace pizwg {
namespace {

namespace fs = std::filesystem;

// The names in a folder, sorted; none when there is no such folder.
std::set<std::string> names_in(const fs::path& folder, std::vector<Error>& unreadable) {
  std::set<std::string> names;
  std::error_code error;
  for (fs::directory_iterator entry(folder, error), end; !error && entry != end; entry.increment(error)) {
    names.insert(entry->path().filename().native());
  }
  if (error && error != std::errc::no_such_file_or_directory) {
    unreadable.push_back(fail_file("read", folder, error.value()).error());
  }
  return names;
}

}  // namespace

IdentitySearch search_identity(const fs::path& root) {
  IdentitySearch found;
  for (const std::string& client : names_in(root / clients_folder, found.unreadable)) {
    if (!is_client_name(client)) continue;
    found.clients.insert(client);
    for (const auto path_of : {allowed_path, revoked_path}) {
      const fs::path folder = root / fs::path(path_of(client, "any")).parent_path();
      for (const std::string& name : names_in(folder, found.unreadable)) {
        std::string path = path_of(client, name);
        if (parse_identity_path(path)) found.certificates.push_back(std::move(path));
      }
    }
  }
  return found;
}

Result<bool> read_into(IdentityFiles& files, const fs::path& root, const std::string& path) {
  if (::faccessat(AT_FDCWD, (root / path).c_str(), F_OK, AT_EACCESS) != 0 && errno == ENOENT) return false;
  auto content = read_file(root / path, largest_identity_file);
  if (!content) return std::unexpected(std::move(content.error()));
  files.emplace(path, std::move(*content));
  return true;
}

}  // namespace pizwg
