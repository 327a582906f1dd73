#include "adapters/identity_store.h"

#include <cerrno>
#include <fcntl.h>
#include <fmt/format.h>
#include <set>
#include <sys/file.h>
#include <unistd.h>
#include <vector>

#include "adapters/archive.h"
#include "adapters/file_set.h"
#include "adapters/identity.h"
#include "base/file.h"
#include "base/text.h"
#include "core/backup_manifest.h"
#include "core/client_name.h"

namespace pizwg {
namespace {

namespace fs = std::filesystem;

// The names in a folder, sorted; none when there is no such folder.
Result<std::set<std::string>> names_in(const fs::path& folder) {
  std::set<std::string> names;
  std::error_code error;
  for (fs::directory_iterator entry(folder, error), end; !error && entry != end; entry.increment(error)) {
    names.insert(entry->path().filename().native());
  }
  if (!error || error == std::errc::no_such_file_or_directory) return names;
  return fail_file("read", folder, error.value());
}

// Adds every certificate of one folder of one client, which `path_of` makes paths of.
Result<void> find_certificates(const fs::path& root, const std::string& client,
                               std::string (*path_of)(std::string_view, std::string_view),
                               std::vector<std::string>& paths) {
  const auto names = names_in(root / fs::path(path_of(client, "any")).parent_path());
  if (!names) return std::unexpected(names.error());
  for (const std::string& name : *names) {
    std::string path = path_of(client, name);
    if (parse_identity_path(path)) paths.push_back(std::move(path));
  }
  return {};
}

enum class ClientKeys { read, left_out };

Result<std::vector<std::string>> find_paths(const fs::path& root, ClientKeys keys) {
  std::vector<std::string> paths{std::string(server_key_path), std::string(server_certificate_path)};
  auto clients = names_in(root / clients_folder);
  if (!clients) return std::unexpected(std::move(clients.error()));
  std::erase_if(*clients, [](const std::string& name) { return !is_client_name(name); });
  for (const std::string& client : *clients) {
    for (const auto path_of : {allowed_path, revoked_path}) {
      if (auto found = find_certificates(root, client, path_of, paths); !found) {
        return std::unexpected(std::move(found.error()));
      }
    }
  }
  if (keys == ClientKeys::left_out) return paths;
  // Any other .pem in that folder is somebody else's.
  clients->insert(std::string(default_client_name));
  for (const std::string& client : *clients) paths.push_back(client_pem_path(client));
  return paths;
}

Result<IdentityFiles> load_files(const fs::path& root, ClientKeys keys) {
  const auto paths = find_paths(root, keys);
  if (!paths) return std::unexpected(paths.error());
  IdentityFiles files;
  for (const std::string& path : *paths) {
    if (::faccessat(AT_FDCWD, (root / path).c_str(), F_OK, AT_EACCESS) != 0 && errno == ENOENT) continue;
    auto content = read_file(root / path, largest_identity_file);
    if (!content) return std::unexpected(std::move(content.error()));
    files.emplace(path, std::move(*content));
  }
  if (files.size() > most_members)
    return fail(fmt::format("the identity has more than {} files", most_members));
  return files;
}

}  // namespace

Result<IdentityFiles> load_identity(const fs::path& root) { return load_files(root, ClientKeys::read); }

Result<IdentityFiles> load_server_side(const fs::path& root) { return load_files(root, ClientKeys::left_out); }

Result<std::string> save_identity(const fs::path& root, const IdentityFiles& files) {
  const auto existing = load_identity(root);
  if (!existing) return std::unexpected(existing.error());
  auto backup = write_archive(files);
  if (!backup) return backup;
  FileSet changes;
  for (const auto& [path, content] : files) {
    if (const auto place = parse_identity_path(path))
      changes.write(root / path, content, mode_of(place->kind));
  }
  changes.write(root / backup_path, *backup, 0600);
  for (const auto& [path, content] : *existing) {
    if (!files.contains(path)) changes.remove(root / path);
  }
  if (auto committed = changes.commit(); !committed) return std::unexpected(std::move(committed.error()));
  return backup;
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
