#include "adapters/server_identity.h"

#include <cerrno>
#include <fcntl.h>
#include <fmt/format.h>
#include <system_error>
#include <unistd.h>
#include <utility>

#include "adapters/identity.h"
#include "adapters/identity_search.h"
#include "base/log.h"
#include "base/text.h"
#include "core/identity_paths.h"

namespace pizwg {
namespace {

namespace fs = std::filesystem;

// One client's trouble is not the others': it is said, and that certificate left out.
void leave_out(const Error& why) {
  log::warning("a client's certificate is left out: " + why.what);
}

void add_certificate(PeerPolicy& policy, const fs::path& root, const std::string& path) {
  IdentityFiles file;
  if (const auto read = read_into(file, root, path); !read) return leave_out(read.error());
  if (file.empty()) return;  // gone since the search
  auto certificate = parse_certificate(file.begin()->second, path);
  if (!certificate) return leave_out(certificate.error());
  const auto place = parse_identity_path(path);
  auto& list = place->kind == IdentityFileKind::revoked_certificate ? policy.revoked : policy.allowed;
  list.push_back({.client = place->client, .der = std::move(certificate->der)});
}

PeerPolicy load_policy(const fs::path& root) {
  const IdentitySearch found = search_identity(root);
  for (const Error& error : found.unreadable) leave_out(error);
  PeerPolicy policy;
  for (const std::string& path : found.certificates) add_certificate(policy, root, path);
  return policy;
}

// Reading's own hint is to be root. The daemon is not to be: its unit, when it starts, gives a key that was
// unpacked by hand, and is root's alone, to the daemon's group.
std::string hint_for(const fs::path& path, const Error& error) {
  const bool closed = ::faccessat(AT_FDCWD, path.c_str(), R_OK, AT_EACCESS) != 0 && errno == EACCES;
  return closed ? "systemctl restart pizwgd makes it readable to pizwgd, and to nobody else" : error.hint;
}

}  // namespace

Result<TlsContext> load_server_identity(const fs::path& root, OtherHosts hosts) {
  IdentityFiles files;
  for (const std::string_view path : {server_key_path, server_certificate_path}) {
    const auto read = read_into(files, root, std::string(path));
    if (!read) return fail(read.error().what, hint_for(root / path, read.error()));
    if (!*read) {
      return fail(fmt::format("{} is missing", in_quotes((root / path).native())),
                  "pizwg setup makes an identity, pizwg restore takes another host's");
    }
  }
  const std::string& certificate_pem = files.find(server_certificate_path)->second;
  PeerPolicy policy = load_policy(root);
  if (hosts == OtherHosts::accepted) {
    auto own = parse_certificate(certificate_pem, server_certificate_path);
    if (!own) return std::unexpected(own.error());
    policy.hosts = {std::move(own->der)};
  }
  return TlsContext::make(files.find(server_key_path)->second, certificate_pem, std::move(policy));
}

std::vector<fs::path> identity_folders(const fs::path& root) {
  std::vector<fs::path> folders{(root / server_key_path).parent_path(), root / clients_folder};
  std::error_code error;
  for (fs::directory_iterator client(root / clients_folder, error), end; !error && client != end;
       client.increment(error)) {
    folders.push_back(client->path() / "allowed_certs");
    folders.push_back(client->path() / "revoked_certs");
  }
  return folders;
}

}  // namespace pizwg
