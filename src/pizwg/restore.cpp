#include <algorithm>
#include <fmt/format.h>

#include "adapters/archive.h"
#include "adapters/encrypted_backup.h"
#include "adapters/identity.h"
#include "adapters/identity_store.h"
#include "base/file.h"
#include "base/text.h"
#include "pizwg/appliance.h"
#include "pizwg/command.h"
#include "pizwg/output.h"
#include "pizwg/passphrase.h"

namespace pizwg {
namespace {

namespace fs = std::filesystem;

enum class Existing { none, same, different };

Result<std::string> decrypted(const Arguments& arguments, const std::string& content) {
  auto typed = obtain_passphrase(arguments, Ask::once);
  if (!typed) return typed;
  const Secret passphrase(std::move(*typed));
  return decrypt_backup(content, passphrase.text());
}

Result<IdentityFiles> read_backup(const Arguments& arguments, const fs::path& file) {
  auto content = read_file(file, largest_encrypted_backup);
  if (!content) {
    if (content.error().hint.empty()) content.error().hint = "name the backup: pizwg restore FILE";
    return std::unexpected(std::move(content.error()));
  }
  if (is_encrypted_backup(*content)) content = decrypted(arguments, *content);
  if (!content) return std::unexpected(std::move(content.error()));
  return read_archive(*content);
}

// Part of the same identity, as an interrupted restore leaves it, is the same: there is nothing to lose.
Existing compare(const IdentityFiles& existing, const IdentityFiles& files) {
  for (const auto& [path, content] : existing) {
    const auto found = files.find(path);
    if (found == files.end() || found->second != content) return Existing::different;
  }
  return existing.size() == files.size() ? Existing::same : Existing::none;
}

// An older backup may not know of a revocation. The identity in place may be broken; then it revokes nobody.
void warn_of_clients_let_in_again(const IdentityFiles& present, const Identity& identity) {
  const auto before = check_identity(present);
  if (!before) return;
  for (const Client& old : before->clients) {
    const auto client = std::ranges::find(identity.clients, old.name, &Client::name);
    if (client == identity.clients.end()) continue;
    const auto is_allowed = [&client](const Certificate& revoked) {
      return std::ranges::find(client->allowed, revoked) != client->allowed.end() &&
             std::ranges::find(client->revoked, revoked) == client->revoked.end();
    };
    if (std::ranges::any_of(old.revoked, is_allowed)) {
      warn(fmt::format(
          "the client {0} was revoked on this host, and may connect again: pizwg client revoke {0}",
          old.name));
    }
  }
}

void print_restored(const Identity& identity, Existing existing, const fs::path& file) {
  say(existing == Existing::same ? fmt::format("The identity in {} is in place already:\n", file.native())
                                 : fmt::format("Restored the identity in {}:\n", file.native()));
  say(describe_certificate(server_name, identity.server));
  bool someone = false;
  for (const Client& client : identity.clients) {
    for (const Certificate& certificate : client.allowed) {
      someone = true;
      say(describe_certificate(client.name, certificate));
    }
  }
  if (!someone) warn("no client may connect: pizwg client add NAME makes one");
}

}  // namespace

Outcome run_restore(const Arguments& arguments) {
  const fs::path usual = arguments.root / backup_path;
  const fs::path file = arguments.operands.empty() ? usual : fs::path(arguments.operands.front());
  const auto lock = lock_identity(arguments.root);
  if (!lock) return std::unexpected(lock.error());
  const auto files = read_backup(arguments, file);
  const std::string context = "cannot restore " + in_quotes(file.native());
  if (!files) return std::unexpected(fail_with(context, files.error()));
  const auto identity = check_identity(*files);
  if (!identity) return std::unexpected(fail_with(context, identity.error()));
  const auto present = load_identity(arguments.root);
  if (!present) return std::unexpected(present.error());
  const Existing existing = compare(*present, *files);
  if (existing == Existing::different && !arguments.has("--force")) {
    return std::unexpected(
        Error{"this host has another identity already, which its clients know",
              fmt::format("pizwg restore --force replaces it, and keeps it in /{}", replaced_backup_path)});
  }
  const Replaced replaced = existing == Existing::different ? Replaced::kept : Replaced::forgotten;
  if (auto saved = save_identity(arguments.root, *files, replaced); !saved)
    return std::unexpected(saved.error());
  print_restored(*identity, existing, file);
  warn_of_clients_let_in_again(*present, *identity);
  close_password_login(arguments.root);
  return {};
}

}  // namespace pizwg
