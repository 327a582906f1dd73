#include "adapters/server_identity.h"

#include <fmt/format.h>

#include <system_error>
#include <utility>

#include "adapters/identity.h"
#include "adapters/identity_store.h"
#include "base/log.h"
#include "base/text.h"
#include "core/identity_paths.h"

namespace pizwg {
namespace {

namespace fs = std::filesystem;

PeerPolicy policy_from(const IdentityFiles& files) {
  PeerPolicy policy;
  for (const auto& [path, content] : files) {
    const auto place = parse_identity_path(path);
    if (!place || place->client.empty()) continue;
    auto certificate = parse_certificate(content, path);
    if (!certificate) {
      log::warning("a client's certificate is left out: " + certificate.error().what);
      continue;
    }
    auto& list = place->kind == IdentityFileKind::revoked_certificate ? policy.revoked : policy.allowed;
    list.push_back({.client = place->client, .der = std::move(certificate->der)});
  }
  return policy;
}

}  // namespace

Result<TlsContext> load_server_identity(const fs::path& root) {
  const auto files = load_server_side(root);
  if (!files) return std::unexpected(files.error());
  const auto key = files->find(server_key_path);
  const auto certificate = files->find(server_certificate_path);
  if (key == files->end() || certificate == files->end()) {
    const auto missing = root / (key == files->end() ? server_key_path : server_certificate_path);
    return fail(fmt::format("{} is missing", in_quotes(missing.native())),
                "pizwg setup makes an identity, pizwg restore takes another host's");
  }
  return TlsContext::make(key->second, certificate->second, policy_from(*files));
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
