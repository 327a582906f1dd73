#include "adapters/identity_store.h"

#include <algorithm>
#include <cerrno>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>
#include <vector>

#include "adapters/archive.h"
#include "adapters/file_set.h"
#include "adapters/identity_search.h"
#include "adapters/service_group.h"
#include "base/file.h"
#include "base/text.h"
#include "core/backup_manifest.h"
#include "core/client_name.h"

namespace pizwg {
namespace {

namespace fs = std::filesystem;

constexpr mode_t secret_mode = 0600;

struct Access {
  mode_t mode = secret_mode;
  std::optional<gid_t> group = {};
};

// The server's key is the one secret that the daemon needs.
Access access_to(IdentityFileKind kind, std::optional<gid_t> daemon) {
  if (kind == IdentityFileKind::server_key && daemon) return {.mode = 0640, .group = daemon};
  return {.mode = mode_of(kind)};
}

bool is_as_wanted(const fs::path& path, const Access& access) {
  struct stat info {};
  return ::lstat(path.c_str(), &info) == 0 && S_ISREG(info.st_mode) &&
         (info.st_mode & 07777) == access.mode && (!access.group || info.st_gid == *access.group);
}

// Files that stay as they are cost no write, and whoever watches them is not woken.
void write_when_different(FileSet& changes, const fs::path& path, const std::string& content,
                          const Access& access) {
  if (is_as_wanted(path, access) && read_file(path, largest_archive) == content) return;
  changes.write(path, content, access.mode, access.group);
}

// Whether every file of `existing` is in one of the two: then nothing is lost with it.
bool is_made_of(const IdentityFiles& existing, const IdentityFiles& one, const IdentityFiles& other) {
  return std::ranges::all_of(existing, [&](const auto& file) {
    const auto is_in = [&file](const IdentityFiles& files) {
      const auto found = files.find(file.first);
      return found != files.end() && found->second == file.second;
    };
    return is_in(one) || is_in(other);
  });
}

// What an interrupted save left is a mixture of the identity that was kept then and of the new one. It must
// not take the place of the former.
Result<void> keep_replaced(FileSet& changes, const fs::path& root, const IdentityFiles& existing,
                           const IdentityFiles& files) {
  const fs::path path = root / replaced_backup_path;
  const auto bytes = read_file(path, largest_archive);
  const auto kept = bytes ? read_archive(*bytes) : std::unexpected(bytes.error());
  if (kept && is_made_of(existing, *kept, files)) return {};
  auto archive = write_archive(existing);
  if (!archive) return std::unexpected(std::move(archive.error()));
  changes.write(path, std::move(*archive), secret_mode);
  return {};
}

}  // namespace

Result<IdentityFiles> load_identity(const fs::path& root) {
  IdentitySearch found = search_identity(root);
  if (!found.unreadable.empty()) return std::unexpected(std::move(found.unreadable.front()));
  std::vector<std::string> paths{std::string(server_key_path), std::string(server_certificate_path)};
  paths.insert(paths.end(), found.certificates.begin(), found.certificates.end());
  // Any other .pem in that folder is somebody else's.
  found.clients.insert(std::string(default_client_name));
  for (const std::string& client : found.clients) paths.push_back(client_pem_path(client));
  IdentityFiles files;
  for (const std::string& path : paths) {
    if (auto read = read_into(files, root, path); !read) return std::unexpected(std::move(read.error()));
  }
  if (files.size() > most_members)
    return fail(fmt::format("the identity has more than {} files", most_members));
  return files;
}

Result<void> save_identity(const fs::path& root, const IdentityFiles& files, Replaced replaced) {
  const auto existing = load_identity(root);
  if (!existing) return std::unexpected(existing.error());
  FileSet changes;
  if (replaced == Replaced::kept) {
    if (auto kept = keep_replaced(changes, root, *existing, files); !kept) return kept;
  }
  const std::optional<gid_t> daemon = service_group(root);
  for (const auto& [path, content] : files) {
    if (const auto place = parse_identity_path(path)) {
      write_when_different(changes, root / path, content, access_to(place->kind, daemon));
    }
  }
  auto backup = write_archive(files);
  if (!backup) return std::unexpected(std::move(backup.error()));
  write_when_different(changes, root / backup_path, *backup, {.mode = secret_mode});
  for (const auto& [path, content] : *existing) {
    if (!files.contains(path)) changes.remove(root / path);
  }
  return changes.commit();
}

Result<UniqueFd> lock_identity(const fs::path& root) {
  UniqueFd fd(::open(root.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!fd) return fail_file("open", root, errno);
  if (::flock(fd.get(), LOCK_EX | LOCK_NB) == 0) return fd;
  if (errno != EWOULDBLOCK) return fail_file("lock", root, errno);
  return fail(fmt::format("another pizwg is at work on {}", in_quotes(root.native())),
              "try again when it is done");
}

}  // namespace pizwg
