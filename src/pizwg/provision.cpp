#include <cstdlib>
#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include "adapters/archive.h"
#include "adapters/encrypted_backup.h"
#include "adapters/identity.h"
#include "base/file.h"
#include "base/text.h"
#include "base/unique_fd.h"
#include "core/config.h"
#include "core/inbox.h"
#include "core/partition_table.h"
#include "pizwg/command.h"
#include "pizwg/output.h"
#include "pizwg/run_program.h"

namespace pizwg {
namespace {

namespace fs = std::filesystem;

constexpr std::chrono::seconds card_limit{60};

// A folder of mode 0700 that goes with everything in it.
class PrivateFolder {
 public:
  PrivateFolder() : path_((fs::temp_directory_path() / "pizwg-XXXXXX").native()) {
    if (::mkdtemp(path_.data()) == nullptr) path_.clear();
  }
  ~PrivateFolder() {
    std::error_code ignored;
    if (!path_.empty()) fs::remove_all(path_, ignored);
  }
  PrivateFolder(const PrivateFolder&) = delete;
  PrivateFolder& operator=(const PrivateFolder&) = delete;
  fs::path path() const { return path_; }

 private:
  std::string path_;
};

Result<void> check_backup(const std::string& content) {
  if (is_encrypted_backup(content)) {
    return fail("it is encrypted, and nobody is there to type the passphrase when the host boots",
                "openssl opens it (its first lines say how), or on a host: pizwg restore, pizwg backup");
  }
  const auto files = read_archive(content);
  if (!files) return std::unexpected(files.error());
  const auto identity = check_identity(*files);
  if (!identity) return std::unexpected(identity.error());
  return {};
}

Result<void> check_configuration(const std::string& content) {
  const auto config = parse_config(content, "pizwg.toml");
  if (!config) return std::unexpected(config.error());
  if (config->role == Role::unset) return fail("it says no role", "role = \"cluster\"");
  return {};
}

// What an option names, and which file of the inbox it becomes.
struct Source {
  std::string_view option;
  std::string_view name;
  Result<void> (*check)(const std::string& content);
};
constexpr Source sources[] = {
    {"--ssh-key", "authorized_keys", [](const std::string& text) { return check_authorized_keys(text); }},
    {"--backup", "backup.tar", check_backup},
    {"--config", "pizwg.toml", check_configuration},
};

Result<Inbox> collect(const Arguments& arguments) {
  Inbox inbox;
  for (const Source& source : sources) {
    if (!arguments.has(source.option)) continue;
    const fs::path file = arguments.value(source.option, "");
    auto content = read_file(file, largest_inbox_file);
    if (!content) return std::unexpected(content.error());
    if (auto good = source.check(*content); !good) {
      return fail_with("cannot use " + in_quotes(file.native()), good.error());
    }
    inbox.emplace(source.name, std::move(*content));
  }
  if (arguments.has("--hostname")) {
    const std::string name = arguments.value("--hostname", "");
    if (auto good = check_host_name(name); !good) return std::unexpected(good.error());
    inbox.emplace("hostname", name + "\n");
  }
  return inbox;
}

// Empty when it cannot be read as a whole.
std::string sector_at(const UniqueFd& fd, std::uint64_t offset) {
  std::string sector(sector_size, '\0');
  const ssize_t got = ::pread(fd.get(), sector.data(), sector.size(), static_cast<off_t>(offset));
  return got == static_cast<ssize_t>(sector_size) ? sector : std::string();
}

// For mtools: the file or device, and where in it the boot partition begins.
Result<std::string> boot_partition_of(const fs::path& card) {
  const UniqueFd fd(::open(card.c_str(), O_RDWR | O_CLOEXEC));
  if (!fd) return fail_file("open", card, errno);
  const auto offset = boot_partition_offset(sector_at(fd, 0));
  if (!offset) {
    return fail(
        fmt::format("{} is no PiZWG card: its first partition is no FAT one", in_quotes(card.native())),
        card.extension() == ".xz" ? "unpack it first: xz --decompress " + card.native() : std::string());
  }
  // mtools writes to it as it is, and has been seen to hang.
  if (fat_is_dirty(sector_at(fd, *offset))) {
    return fail(fmt::format("the boot partition of {} was being written to when its power went",
                            in_quotes(card.native())),
                "let its host boot once, which mends it; or fsck.fat -a, for its first partition");
  }
  return fmt::format("{}@@{}", card.native(), *offset);
}

Result<void> put(const std::string& partition, const Inbox& inbox) {
  const PrivateFolder folder;
  for (const auto& [name, content] : inbox) {
    if (auto written = write_file(folder.path() / name, content, 0600); !written) return written;
    const auto copied = run_program({"mcopy", "-o", "-i", partition, (folder.path() / name).native(),
                                     fmt::format("::/{}/{}", inbox_folder, name)},
                                    card_limit);
    if (!copied) return fail_with("cannot put " + in_quotes(name) + " on the card", copied.error());
  }
  return {};
}

void print_provisioned(const fs::path& card, const Inbox& inbox) {
  say(fmt::format("On the boot partition of {}, for the first boot:\n", card.native()));
  for (const auto& [name, content] : inbox) say(fmt::format("  {}/{}", inbox_folder, name));
  if (!inbox.contains("authorized_keys")) {
    warn("without --ssh-key the password of root is \"root\" until somebody logs in and changes it");
  }
  std::error_code ignored;
  const bool image = fs::is_regular_file(card, ignored);
  say(fmt::format("\nNext: {}put the card into its host{}", image ? "write it to a card, " : "",
                  inbox.contains("backup.tar") ? ". The host wipes these files\nwhen it has taken them over."
                                               : ", log in there, and type\npizwg setup or pizwg restore."));
}

}  // namespace

Outcome run_provision(const Arguments& arguments) {
  const fs::path card = arguments.operands.front();
  const auto inbox = collect(arguments);
  if (!inbox) return std::unexpected(inbox.error());
  if (inbox->empty())
    return misused("nothing to put on the card", "pizwg provision --help lists what there is");
  const auto partition = boot_partition_of(card);
  if (!partition) return std::unexpected(partition.error());
  if (const auto there =
          run_program({"mdir", "-b", "-i", *partition, fmt::format("::/{}", inbox_folder)}, card_limit);
      !there) {
    return std::unexpected(Error{fmt::format("cannot look at the boot partition of {}: {}",
                                             in_quotes(card.native()), there.error().what),
                                 "is it a PiZWG card, and are mtools installed (apt-get install mtools)?"});
  }
  if (auto done = put(*partition, *inbox); !done) return std::unexpected(done.error());
  ::sync();
  print_provisioned(card, *inbox);
  return {};
}

}  // namespace pizwg
