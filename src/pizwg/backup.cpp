#include <fmt/format.h>

#include "adapters/archive.h"
#include "adapters/encrypted_backup.h"
#include "adapters/identity.h"
#include "adapters/identity_store.h"
#include "base/file.h"
#include "base/text.h"
#include "pizwg/command.h"
#include "pizwg/output.h"
#include "pizwg/passphrase.h"

namespace pizwg {
namespace {

namespace fs = std::filesystem;

// A backup of an identity that cannot be restored is worse than none: nobody would notice until it is needed.
Result<std::string> whole_archive(const fs::path& root) {
  const auto files = load_identity(root);
  if (!files) return std::unexpected(files.error());
  if (files->empty())
    return fail("there is no identity yet", "pizwg setup makes one, pizwg restore takes one over");
  if (const auto identity = check_identity(*files); !identity) {
    return fail_with("the identity is not whole", identity.error());
  }
  return write_archive(*files);
}

Result<std::string> encrypted(const Arguments& arguments, const std::string& archive) {
  auto typed = obtain_passphrase(arguments, Ask::twice);
  if (!typed) return typed;
  const Secret passphrase(std::move(*typed));
  return encrypt_backup(archive, passphrase.text());
}

}  // namespace

Outcome run_backup(const Arguments& arguments) {
  const bool encrypts = arguments.has("--encrypt");
  if (!encrypts && arguments.has("--passphrase-file")) return misused("--passphrase-file needs --encrypt");
  const auto lock = lock_identity(arguments.root);
  if (!lock) return std::unexpected(lock.error());
  auto content = whole_archive(arguments.root);
  if (content && encrypts) content = encrypted(arguments, *content);
  if (!content) return std::unexpected(content.error());
  const fs::path usual = arguments.root / (encrypts ? encrypted_backup_path : backup_path);
  const fs::path output = arguments.value("--output", usual.native());
  if (auto written = write_file(output, *content, 0600); !written) return std::unexpected(written.error());
  say(fmt::format("Wrote {} (0600, {}).", output.native(), encrypts ? "encrypted" : "secret"));
  return {};
}

}  // namespace pizwg
