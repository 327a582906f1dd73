// The reader of backups: whatever the bytes are, it refuses them or gives back an identity's files within the
// limits, which can be written and read again. And what checks the keys and certificates gets to see such
// files too.

#include <archive.h>
#include <archive_entry.h>
#include <cstdio>
#include <cstring>

#include "adapters/archive.h"
#include "adapters/identity.h"
#include "adapters/new_identity.h"
#include "core/backup_manifest.h"
#include "core/date.h"
#include "target.h"

using namespace pizwg;

namespace {

constexpr std::size_t block_size = 512;
constexpr std::size_t checksum_at = 148;
constexpr std::size_t checksum_size = 8;
constexpr std::size_t magic_at = 257;

void read_and_check(std::string_view bytes) {
  const auto files = read_archive(bytes);
  if (!files) {
    require(!files.error().what.empty(), "a refusal without a reason");
    return;
  }
  require(files->size() <= most_members, "too many members");
  for (const auto& [path, content] : *files) {
    require(parse_identity_path(path).has_value(), "a member that is not part of an identity");
    require(content.size() <= largest_member, "a member that is too large");
  }
  const auto written = write_archive(*files);
  require(written.has_value(), "what was read cannot be written");
  require(read_archive(*written) == *files, "what was written reads differently");
  (void)check_identity(*files);
}

// Most mutations of a header are stopped by its check sum; with the sum put right, the reader sees them.
std::string with_right_checksums(std::string bytes) {
  for (std::size_t at = 0; at + block_size <= bytes.size(); at += block_size) {
    if (bytes.compare(at + magic_at, 5, "ustar") != 0) continue;
    std::memset(&bytes[at + checksum_at], ' ', checksum_size);
    unsigned sum = 0;
    for (std::size_t i = 0; i < block_size; ++i) sum += static_cast<unsigned char>(bytes[at + i]);
    std::snprintf(&bytes[at + checksum_at], checksum_size, "%06o", sum);
  }
  return bytes;
}

la_ssize_t append(archive*, void* target, const void* data, std::size_t size) {
  static_cast<std::string*>(target)->append(static_cast<const char*>(data), size);
  return static_cast<la_ssize_t>(size);
}

// Members that our writer never makes, in a format that it never uses: folders, links, long names, sparse
// files.
std::string strange_archive(int format) {
  std::string bytes;
  archive* writer = archive_write_new();
  archive_write_set_format(writer, format);
  archive_write_open2(writer, &bytes, nullptr, append, nullptr, nullptr);
  for (const char* name :
       {"etc/", "./etc/ser2net/ser2net.key", "root/ha.pem",
        "root/a-name-of-more-than-a-hundred-bytes-"
        "0123456789-0123456789-0123456789-0123456789-0123456789-0123456789-0123456789.pem"}) {
    archive_entry* entry = archive_entry_new();
    archive_entry_set_pathname(entry, name);
    archive_entry_set_filetype(entry, name[std::strlen(name) - 1] == '/' ? AE_IFDIR : AE_IFREG);
    archive_entry_set_perm(entry, 0600);
    archive_entry_set_size(entry, 3);
    if (std::strcmp(name, "root/ha.pem") == 0) archive_entry_set_hardlink(entry, "etc/ser2net/ser2net.key");
    archive_write_header(writer, entry);
    archive_write_data(writer, "abc", 3);
    archive_entry_free(entry);
  }
  archive_write_close(writer);
  archive_write_free(writer);
  return bytes;
}

IdentityFiles whole_identity() {
  const auto make = [](const char* name, CertificateUse use) {
    return make_identity({name, use, KeyType::p256, first_valid_day, end_of(last_safe_day)}).value();
  };
  const NewIdentity server = make("pizwg-server", CertificateUse::server);
  const NewIdentity client = make("ha", CertificateUse::client);
  return {{std::string(server_key_path), server.key},
          {std::string(server_certificate_path), server.certificate},
          {client_pem_path("ha"), client.key + client.certificate},
          {allowed_path("ha", "ha.crt"), client.certificate},
          {revoked_path("old", "0.crt"), server.certificate}};
}

}  // namespace

std::vector<std::string> seeds() {
  return {write_archive(whole_identity()).value(),
          write_archive({{std::string(server_key_path), "key"}}).value(),
          strange_archive(ARCHIVE_FORMAT_TAR_USTAR), strange_archive(ARCHIVE_FORMAT_TAR_GNUTAR),
          strange_archive(ARCHIVE_FORMAT_TAR_PAX_INTERCHANGE)};
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string bytes(reinterpret_cast<const char*>(data), size);
  read_and_check(bytes);
  read_and_check(with_right_checksums(bytes));
  return 0;
}
