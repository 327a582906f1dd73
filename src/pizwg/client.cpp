#include <algorithm>
#include <fmt/format.h>

#include "adapters/identity.h"
#include "adapters/identity_store.h"
#include "base/text.h"
#include "core/client_name.h"
#include "core/date.h"
#include "pizwg/command.h"
#include "pizwg/new_certificate.h"
#include "pizwg/output.h"

namespace pizwg {
namespace {

namespace fs = std::filesystem;

// As much of the fingerprint as tells two certificates of one client apart.
constexpr std::size_t digits_in_file_name = 16;

// What every client command begins with: the lock, the files, and that they are whole.
struct Opened {
  UniqueFd lock;
  IdentityFiles files;
  Identity identity;
};

Result<Opened> open_identity(const fs::path& root) {
  auto lock = lock_identity(root);
  if (!lock) return std::unexpected(std::move(lock.error()));
  auto files = load_identity(root);
  if (!files) return std::unexpected(std::move(files.error()));
  if (files->empty())
    return fail("there is no identity yet", "pizwg setup makes one, pizwg restore takes one over");
  auto identity = check_identity(*files);
  if (!identity) return fail_with("the identity is not whole", std::move(identity.error()));
  return Opened{std::move(*lock), std::move(*files), std::move(*identity)};
}

bool is_revoked(const Client& client, const Certificate& certificate) {
  return std::ranges::find(client.revoked, certificate) != client.revoked.end();
}

bool may_connect(const Client& client) {
  return std::ranges::any_of(client.allowed, [&](const Certificate& c) { return !is_revoked(client, c); });
}

const Client* find_client(const Identity& identity, std::string_view name) {
  const auto found = std::ranges::find(identity.clients, name, &Client::name);
  return found == identity.clients.end() ? nullptr : &*found;
}

void print_certificate(const std::string& name, std::string_view state, const Certificate& certificate) {
  say(fmt::format("{}  {}  until {}  SHA-256:\n  {}", name, state, format_date(certificate.not_after),
                  certificate.fingerprint));
}

// The revoked copies appear before the allowed ones go: save_identity() removes last. Interrupted in between,
// the client is refused already.
Result<void> move_to_revoked(IdentityFiles& files, const std::string& name) {
  IdentityFiles revoked;
  for (auto entry = files.begin(); entry != files.end();) {
    const auto place = parse_identity_path(entry->first);
    if (place != IdentityPath{IdentityFileKind::allowed_certificate, name}) {
      ++entry;
      continue;
    }
    const auto certificate = parse_certificate(entry->second, entry->first);
    if (!certificate) return std::unexpected(certificate.error());
    const std::string file = certificate->fingerprint.substr(0, digits_in_file_name) + ".crt";
    revoked.emplace(revoked_path(name, file), std::move(entry->second));
    entry = files.erase(entry);
  }
  files.merge(revoked);
  files.erase(client_pem_path(name));
  return {};
}

}  // namespace

Outcome run_client_add(const Arguments& arguments) {
  const std::string& name = arguments.operands.front();
  if (auto checked = check_client_name(name); !checked) return std::unexpected(checked.error());
  const auto request = requested_certificate(arguments);
  if (!request) return std::unexpected(request.error());
  auto opened = open_identity(arguments.root);
  if (!opened) return std::unexpected(opened.error());
  const Client* existing = find_client(opened->identity, name);
  if (existing && (existing->has_key || !existing->allowed.empty())) {
    return std::unexpected(
        Error{fmt::format("there is a client {} already", in_quotes(name)),
              fmt::format("to give it a new certificate: pizwg client revoke {} first", name)});
  }
  if (auto added = add_new_client(opened->files, name, *request); !added)
    return std::unexpected(added.error());
  const auto identity = check_identity(opened->files);
  if (!identity) return std::unexpected(identity.error());
  if (auto saved = save_identity(arguments.root, opened->files); !saved)
    return std::unexpected(saved.error());
  say(fmt::format("Made the client {}:\n\n  {:<20} {}  (0600, secret)\n  {:<20} {}\n", name, "client key",
                  (arguments.root / client_pem_path(name)).native(), "backup, refreshed",
                  (arguments.root / backup_path).native()));
  say(describe_certificate(name, find_client(*identity, name)->allowed.front()));
  say("\nNext: copy the client key to that client, and the backup to the other hosts,\n"
      "and type there: pizwg restore --force");
  return {};
}

Outcome run_client_list(const Arguments& arguments) {
  const auto opened = open_identity(arguments.root);
  if (!opened) return std::unexpected(opened.error());
  for (const Client& client : opened->identity.clients) {
    for (const Certificate& certificate : client.allowed) {
      if (!is_revoked(client, certificate)) print_certificate(client.name, "allowed", certificate);
    }
    for (const Certificate& certificate : client.revoked)
      print_certificate(client.name, "revoked", certificate);
  }
  return {};
}

Outcome run_client_revoke(const Arguments& arguments) {
  const std::string& name = arguments.operands.front();
  if (auto checked = check_client_name(name); !checked) return std::unexpected(checked.error());
  auto opened = open_identity(arguments.root);
  if (!opened) return std::unexpected(opened.error());
  const Client* client = find_client(opened->identity, name);
  if (!client) return std::unexpected(Error{"there is no client " + in_quotes(name), "pizwg client list"});
  if (client->allowed.empty()) {
    return std::unexpected(Error{fmt::format("the client {} is revoked already", in_quotes(name)), {}});
  }
  if (auto moved = move_to_revoked(opened->files, name); !moved) return std::unexpected(moved.error());
  const auto identity = check_identity(opened->files);
  if (!identity) return std::unexpected(identity.error());
  if (auto saved = save_identity(arguments.root, opened->files); !saved)
    return std::unexpected(saved.error());
  say(
      fmt::format("Revoked the client {}, and refreshed the backup {}.\n"
                  "Next, on the other hosts: copy the backup there, and type pizwg restore --force.",
                  name, (arguments.root / backup_path).native()));
  if (std::ranges::none_of(identity->clients, may_connect)) {
    warn("no client may connect any more: pizwg client add NAME makes one");
  }
  return {};
}

}  // namespace pizwg
