#include <fmt/format.h>

#include "adapters/archive.h"
#include "adapters/identity.h"
#include "adapters/identity_store.h"
#include "base/text.h"
#include "core/client_name.h"
#include "pizwg/appliance.h"
#include "pizwg/command.h"
#include "pizwg/new_certificate.h"
#include "pizwg/output.h"

namespace pizwg {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view how_to_start_over =
    "pizwg restore takes over a backup; to start anew, move these files away";

// A second setup would lock out every client of the first; and a backup without an identity waits to be
// restored.
Result<void> refuse_second_setup(const fs::path& root) {
  const auto existing = load_identity(root);
  if (!existing) return std::unexpected(existing.error());
  std::error_code ignored;
  const fs::path backup = root / backup_path;
  if (!existing->empty()) {
    return fail(fmt::format("there is an identity already: {} exists",
                            in_quotes((root / existing->begin()->first).native())),
                std::string(how_to_start_over));
  }
  if (fs::exists(backup, ignored)) {
    return fail(fmt::format("there is a backup already: {} exists", in_quotes(backup.native())),
                std::string(how_to_start_over));
  }
  return {};
}

Result<IdentityFiles> make_files(const IdentityRequest& requested) {
  IdentityRequest request = requested;
  request.common_name = server_name;
  request.use = CertificateUse::server;
  auto server = make_identity(request);
  if (!server) return std::unexpected(std::move(server.error()));
  IdentityFiles files;
  files.emplace(server_key_path, std::move(server->key));
  files.emplace(server_certificate_path, std::move(server->certificate));
  if (auto added = add_new_client(files, std::string(default_client_name), request); !added) {
    return std::unexpected(std::move(added.error()));
  }
  return files;
}

void print_places(const fs::path& root) {
  const auto place = [&root](std::string_view what, std::string_view path, std::string_view note) {
    say(fmt::format("  {:<20} {}{}", what, (root / path).native(), note));
  };
  say("Made the identity of the server and of one client:\n");
  place("server key", server_key_path, "  (secret)");
  place("server certificate", server_certificate_path, "");
  place("client key", client_pem_path(default_client_name), "  (0600, secret)");
  place("backup of it all", backup_path, "  (0600, secret)");
}

void print_certificates(const Identity& identity) {
  say("\n" + describe_certificate(server_name, identity.server));
  for (const Client& client : identity.clients)
    say(describe_certificate(client.name, client.allowed.front()));
}

void print_next_steps(const fs::path& root) {
  const auto file_name = [](std::string_view path) { return fs::path(path).filename().native(); };
  say(
      fmt::format("\nNext, on every other host: copy {}\nto its /root, and type pizwg restore; "
                  "or pizwg provision --backup for a card.\n"
                  "Next, on the client: copy the server certificate and the client key there, and\n"
                  "type, with your host or its virtual address for 192.168.1.254:\n\n"
                  "pizwg-connect 192.168.1.254 --tty /dev/ttyUSB254 --group dialout \\\n"
                  "  --server-certificate {} --client-pem {}\n\n"
                  "Or, with the two in folders etc/ser2net and root there:\n\n"
                  "socat -d -d -s -T30 \\\n"
                  "  pty,link=/dev/ttyUSB254,raw,user=root,group=root,mode=777 \\\n"
                  "  openssl-connect:192.168.1.254:3333,commonname={},\\\n"
                  "cafile={},cert={}",
                  (root / backup_path).native(), file_name(server_certificate_path),
                  file_name(client_pem_path(default_client_name)), server_name, server_certificate_path,
                  client_pem_path(default_client_name)));
}

}  // namespace

Outcome run_setup(const Arguments& arguments) {
  const auto request = requested_certificate(arguments);
  if (!request) return std::unexpected(request.error());
  const auto lock = lock_identity(arguments.root);
  if (!lock) return std::unexpected(lock.error());
  if (auto refused = refuse_second_setup(arguments.root); !refused) return std::unexpected(refused.error());
  const auto files = make_files(*request);
  if (!files) return std::unexpected(files.error());
  const auto identity = check_identity(*files);
  if (!identity) return std::unexpected(identity.error());
  if (auto saved = save_identity(arguments.root, *files); !saved) return std::unexpected(saved.error());
  print_places(arguments.root);
  print_certificates(*identity);
  print_next_steps(arguments.root);
  close_password_login(arguments.root);
  return {};
}

}  // namespace pizwg
