#include "adapters/archive.h"

#include <algorithm>
#include <archive.h>
#include <archive_entry.h>
#include <array>
#include <fmt/format.h>
#include <memory>
#include <optional>

#include "base/text.h"
#include "core/backup_manifest.h"
#include "core/date.h"

namespace pizwg {
namespace {

struct FreeArchive {
  void operator()(archive* a) const { archive_free(a); }
};
struct FreeEntry {
  void operator()(archive_entry* e) const { archive_entry_free(e); }
};
using ArchivePtr = std::unique_ptr<archive, FreeArchive>;
using EntryPtr = std::unique_ptr<archive_entry, FreeEntry>;

constexpr std::size_t block_size = 512;
constexpr std::size_t end_size = 2 * block_size;  // of zeros, at the end of every tar archive

std::string reason_of(archive* from) {
  const char* text = archive_error_string(from);
  return text ? text : "unknown reason";
}

la_ssize_t append_to_string(archive*, void* target, const void* data, std::size_t size) {
  static_cast<std::string*>(target)->append(static_cast<const char*>(data), size);
  return static_cast<la_ssize_t>(size);
}

bool write_member(archive* writer, const std::string& path, const std::string& content) {
  const EntryPtr entry(archive_entry_new());
  const auto place = parse_identity_path(path);
  if (!entry || !place) return false;
  archive_entry_set_pathname(entry.get(), path.c_str());
  archive_entry_set_filetype(entry.get(), AE_IFREG);
  archive_entry_set_perm(entry.get(), mode_of(place->kind));
  archive_entry_set_size(entry.get(), static_cast<la_int64_t>(content.size()));
  archive_entry_set_mtime(entry.get(), std::chrono::sys_seconds(first_valid_day).time_since_epoch().count(),
                          0);
  archive_entry_set_uid(entry.get(), 0);
  archive_entry_set_gid(entry.get(), 0);
  archive_entry_set_uname(entry.get(), "root");
  archive_entry_set_gname(entry.get(), "root");
  return archive_write_header(writer, entry.get()) == ARCHIVE_OK &&
         archive_write_data(writer, content.data(), content.size()) ==
             static_cast<la_ssize_t>(content.size());
}

// Some programs compress without being asked; the name of the program tells the user what to undo.
std::optional<std::string_view> compressor_of(std::string_view bytes) {
  struct Magic {
    std::string_view bytes;
    std::string_view program;
  };
  static constexpr std::array<Magic, 6> magics{{{"\x1f\x8b", "gzip"},
                                                {"\xfd"
                                                 "7zXZ",
                                                 "xz"},
                                                {"BZh", "bzip2"},
                                                {"\x28\xb5\x2f\xfd", "zstd"},
                                                {"PK\x03\x04", "zip"},
                                                {"7z\xbc\xaf", "7z"}}};
  for (const Magic& magic : magics) {
    if (bytes.starts_with(magic.bytes)) return magic.program;
  }
  return std::nullopt;
}

Result<void> check_outside(std::string_view bytes) {
  if (bytes.size() > largest_archive)
    return fail(fmt::format("the archive is larger than {} bytes", largest_archive));
  if (const auto program = compressor_of(bytes)) {
    return fail(fmt::format("the archive is compressed ({})", *program),
                "unpack it first: a backup is a plain tar archive");
  }
  if (bytes.size() < end_size + block_size || bytes.size() % block_size != 0 ||
      !std::ranges::all_of(bytes.substr(bytes.size() - end_size), [](char c) { return c == '\0'; })) {
    return fail("the archive is cut short, or is not a tar archive");
  }
  return {};
}

MemberType type_of(archive_entry* entry) {
  if (archive_entry_hardlink(entry) || archive_entry_symlink(entry)) return MemberType::link;
  if (archive_entry_filetype(entry) == AE_IFDIR) return MemberType::folder;
  if (archive_entry_filetype(entry) != AE_IFREG || archive_entry_sparse_count(entry) > 0)
    return MemberType::other;
  return MemberType::file;
}

// Extended headers can say everything twice and differently; no backup ever needed one.
Result<void> check_format(archive* reader, std::string_view name) {
  const int format = archive_format(reader);
  if (format == ARCHIVE_FORMAT_TAR || format == ARCHIVE_FORMAT_TAR_USTAR ||
      format == ARCHIVE_FORMAT_TAR_GNUTAR) {
    return {};
  }
  return fail(fmt::format("archive member {} has extended (pax) headers", in_quotes(name)),
              "make the archive with pizwg backup, or with tar --format=ustar");
}

Result<std::string> read_content(archive* reader, std::string_view name, std::size_t size) {
  std::string content(size, '\0');
  const la_ssize_t got = archive_read_data(reader, content.data(), content.size());
  if (got < 0) return fail(fmt::format("archive member {}: {}", in_quotes(name), reason_of(reader)));
  if (static_cast<std::size_t>(got) != size)
    return fail(fmt::format("archive member {} is cut short", in_quotes(name)));
  return content;
}

Result<void> read_member(archive* reader, archive_entry* entry, BackupManifest& manifest,
                         IdentityFiles& files) {
  const char* raw_name = archive_entry_pathname(entry);
  const std::string name = raw_name ? raw_name : "";
  if (auto checked = check_format(reader, name); !checked) return checked;
  const auto size = archive_entry_size(entry);
  if (size < 0) return fail(fmt::format("archive member {} has no size", in_quotes(name)));
  const auto path = manifest.admit({name, type_of(entry), static_cast<std::uint64_t>(size)});
  if (!path) return std::unexpected(path.error());
  if (!*path) return {};
  auto content = read_content(reader, name, static_cast<std::size_t>(size));
  if (!content) return std::unexpected(std::move(content.error()));
  files.emplace(**path, std::move(*content));
  return {};
}

}  // namespace

Result<std::string> write_archive(const IdentityFiles& files) {
  std::string bytes;
  const ArchivePtr writer(archive_write_new());
  const auto failed = [&] { return fail("cannot make the archive: " + reason_of(writer.get())); };
  if (!writer) return fail("cannot make the archive: out of memory");
  if (archive_write_set_format_ustar(writer.get()) != ARCHIVE_OK ||
      archive_write_open2(writer.get(), &bytes, nullptr, append_to_string, nullptr, nullptr) != ARCHIVE_OK) {
    return failed();
  }
  for (const auto& [path, content] : files) {
    if (!write_member(writer.get(), path, content)) return failed();
  }
  if (archive_write_close(writer.get()) != ARCHIVE_OK) return failed();
  return bytes;
}

Result<IdentityFiles> read_archive(std::string_view bytes) {
  if (auto checked = check_outside(bytes); !checked) return std::unexpected(checked.error());
  const ArchivePtr reader(archive_read_new());
  if (!reader || archive_read_support_format_tar(reader.get()) != ARCHIVE_OK ||
      archive_read_open_memory(reader.get(), bytes.data(), bytes.size()) != ARCHIVE_OK) {
    return fail("the archive is not a tar archive", "give the file that pizwg backup wrote");
  }
  IdentityFiles files;
  BackupManifest manifest;
  archive_entry* entry = nullptr;
  for (;;) {
    const int status = archive_read_next_header(reader.get(), &entry);
    if (status == ARCHIVE_EOF) return files;
    if (status != ARCHIVE_OK) return fail("the archive is damaged: " + reason_of(reader.get()));
    if (auto read = read_member(reader.get(), entry, manifest, files); !read)
      return std::unexpected(read.error());
  }
}

}  // namespace pizwg
