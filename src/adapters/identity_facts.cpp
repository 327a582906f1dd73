#include "adapters/identity_facts.h"

#include <algorithm>
#include <sys/stat.h>

#include "adapters/identity.h"
#include "adapters/identity_store.h"
#include "core/identity_paths.h"

namespace pizwg {
namespace {

namespace fs = std::filesystem;

std::optional<WallTime> changed_at(const fs::path& path) {
  struct stat info {};
  if (::stat(path.c_str(), &info) != 0) return std::nullopt;
  const auto since =
      std::chrono::seconds(info.st_mtim.tv_sec) + std::chrono::nanoseconds(info.st_mtim.tv_nsec);
  return WallTime(std::chrono::duration_cast<std::chrono::milliseconds>(since));
}

std::optional<WallTime> later(const std::optional<WallTime>& one, const std::optional<WallTime>& other) {
  if (!one || !other) return one ? one : other;
  return std::max(*one, *other);
}

void add(IdentityFacts& facts, CertificateStatus::Kind kind, const std::string& name,
         const Certificate& certificate) {
  facts.certificates.push_back({.kind = kind,
                                .name = name,
                                .fingerprint = certificate.fingerprint.substr(0, 16),
                                .expires = certificate.not_after});
}

}  // namespace

IdentityFacts read_identity_facts(const fs::path& root, const Now& now) {
  IdentityFacts facts{.now = now.wall};
  const auto files = load_identity(root);
  if (!files) {
    facts.present = true;
    facts.trouble = files.error().what;
    return facts;
  }
  if (files->empty()) return facts;
  facts.present = true;
  for (const auto& [path, content] : *files) facts.changed = later(facts.changed, changed_at(root / path));
  facts.backup = later(changed_at(root / backup_path), changed_at(root / encrypted_backup_path));
  const auto identity = check_identity(*files);
  if (!identity) {
    facts.trouble = identity.error().what;
    return facts;
  }
  add(facts, CertificateStatus::Kind::server, std::string(server_name), identity->server);
  for (const Client& client : identity->clients) {
    for (const Certificate& certificate : client.allowed)
      add(facts, CertificateStatus::Kind::client, client.name, certificate);
  }
  return facts;
}

}  // namespace pizwg
