#include "adapters/archive.h"

#include <archive.h>
#include <archive_entry.h>
#include <functional>
#include <gtest/gtest.h>

#include "core/backup_manifest.h"

namespace pizwg {
namespace {

const std::string key_name(server_key_path);

IdentityFiles some_files() {
  return {{key_name, "key"},
          {client_pem_path("ha"), "pem"},
          {allowed_path("ha", "ha.crt"), std::string(2000, 'c')}};
}

la_ssize_t append(archive*, void* target, const void* data, std::size_t size) {
  static_cast<std::string*>(target)->append(static_cast<const char*>(data), size);
  return static_cast<la_ssize_t>(size);
}

// An archive with one member that `shape` makes as bad as it likes.
std::string archive_with(const std::function<void(archive_entry*)>& shape,
                         int format = ARCHIVE_FORMAT_TAR_USTAR) {
  std::string bytes;
  archive* writer = archive_write_new();
  archive_write_set_format(writer, format);
  archive_write_open2(writer, &bytes, nullptr, append, nullptr, nullptr);
  archive_entry* entry = archive_entry_new();
  archive_entry_set_pathname(entry, key_name.c_str());
  archive_entry_set_filetype(entry, AE_IFREG);
  archive_entry_set_perm(entry, 0600);
  archive_entry_set_size(entry, 0);
  shape(entry);
  archive_write_header(writer, entry);
  archive_entry_free(entry);
  archive_write_close(writer);
  archive_write_free(writer);
  return bytes;
}

std::string refusal(std::string_view bytes) {
  const auto files = read_archive(bytes);
  return files ? "" : files.error().what;
}

TEST(Archive, GivesBackWhatWasWritten) {
  const auto bytes = write_archive(some_files());
  ASSERT_TRUE(bytes);
  EXPECT_EQ(read_archive(*bytes), some_files());
}

TEST(Archive, TheSameFilesGiveTheSameBytes) {
  EXPECT_EQ(write_archive(some_files()), write_archive(some_files()));
}

TEST(Archive, TheLongestNamesFit) {
  const std::string client = std::string(63, 'n');
  const IdentityFiles files{{client_pem_path(client), "x"},
                            {revoked_path(client, std::string(76, 'f') + ".crt"), "y"}};
  const auto bytes = write_archive(files);
  ASSERT_TRUE(bytes) << bytes.error().what;
  EXPECT_EQ(read_archive(*bytes), files);
}

TEST(Archive, CutShortAnywhereIsRefused) {
  const std::string bytes = *write_archive(some_files());
  const std::size_t used = bytes.find_last_not_of('\0') + 1;
  for (std::size_t size = 0; size < used + 512; size += 256) {
    EXPECT_FALSE(read_archive(std::string_view(bytes).substr(0, size))) << size;
  }
}

TEST(Archive, CompressedIsRefusedByName) {
  EXPECT_EQ(refusal(std::string("\x1f\x8b") + std::string(2000, 'x')), "the archive is compressed (gzip)");
  EXPECT_EQ(refusal("BZh91AY"), "the archive is compressed (bzip2)");
}

TEST(Archive, NothingButTarIsRead) {
  EXPECT_NE(refusal(""), "");
  EXPECT_NE(refusal(std::string(4096, 'x') + std::string(1024, '\0')), "");
  EXPECT_NE(refusal("!<arch>\n" + std::string(504, ' ') + std::string(1024, '\0')), "");
  EXPECT_NE(refusal(std::string(largest_archive + 512, '\0')).find("larger than"), std::string::npos);
}

TEST(Archive, LinksAreRefused) {
  EXPECT_NE(refusal(archive_with([](archive_entry* e) { archive_entry_set_hardlink(e, "etc/passwd"); })), "");
  EXPECT_NE(refusal(archive_with([](archive_entry* e) {
              archive_entry_set_filetype(e, AE_IFLNK);
              archive_entry_set_symlink(e, "/etc/passwd");
            })).find("is a link"),
            std::string::npos);
}

TEST(Archive, DevicesAndFifosAreRefused) {
  for (const unsigned type : {AE_IFCHR, AE_IFBLK, AE_IFIFO}) {
    const std::string why =
        refusal(archive_with([type](archive_entry* e) { archive_entry_set_filetype(e, type); }));
    EXPECT_NE(why.find("neither a file nor a folder"), std::string::npos) << type;
  }
}

TEST(Archive, PathsThatClimbOrAreAbsoluteAreRefused) {
  for (const char* name : {"../etc/ser2net/ser2net.key", "/etc/ser2net/ser2net.key",
                           "etc/../etc/ser2net/ser2net.key", "root/.ssh/authorized_keys"}) {
    const std::string why =
        refusal(archive_with([name](archive_entry* e) { archive_entry_set_pathname(e, name); }));
    EXPECT_NE(why.find("is not part of an identity"), std::string::npos) << name;
  }
}

TEST(Archive, ExtendedHeadersAreRefused) {
  const std::string bytes = archive_with([](archive_entry* e) { archive_entry_set_mtime(e, 1, 500'000'000); },
                                         ARCHIVE_FORMAT_TAR_PAX_INTERCHANGE);
  EXPECT_NE(refusal(bytes).find("extended (pax) headers"), std::string::npos);
}

TEST(Archive, AMemberLargerThanItsLimitIsRefusedBeforeItIsRead) {
  const std::string bytes =
      archive_with([](archive_entry* e) { archive_entry_set_size(e, largest_member + 1); });
  EXPECT_NE(refusal(bytes).find("larger than 65536 bytes"), std::string::npos);
}

}  // namespace
}  // namespace pizwg
