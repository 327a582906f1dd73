#include "core/backup_manifest.h"

#include <gtest/gtest.h>

namespace pizwg {
namespace {

constexpr std::string_view key = "etc/ser2net/ser2net.key";

// The path under which a member is kept; "nothing" for one that needs no keeping.
std::string kept_as(BackupManifest& manifest, const ArchiveMember& member) {
  const auto admitted = manifest.admit(member);
  return admitted ? admitted->value_or("nothing") : admitted.error().what;
}

std::string refusal(const ArchiveMember& member) {
  BackupManifest manifest;
  const auto admitted = manifest.admit(member);
  return admitted ? "" : admitted.error().what;
}

TEST(BackupManifest, KeepsFilesAndIgnoresTheirFolders) {
  BackupManifest manifest;
  EXPECT_EQ(kept_as(manifest, {"etc/", MemberType::folder, 0}), "nothing");
  EXPECT_EQ(kept_as(manifest, {key, MemberType::file, 100}), key);
}

TEST(BackupManifest, TakesTheDotInFrontThatTarWrites) {
  BackupManifest manifest;
  EXPECT_EQ(kept_as(manifest, {"./", MemberType::folder, 0}), "nothing");
  EXPECT_EQ(kept_as(manifest, {"./etc/", MemberType::folder, 0}), "nothing");
  EXPECT_EQ(kept_as(manifest, {"./etc/ser2net/ser2net.key", MemberType::file, 1}), key);
}

TEST(BackupManifest, RefusesWhatIsTwiceThere) {
  BackupManifest manifest;
  ASSERT_TRUE(manifest.admit({key, MemberType::file, 1}));
  const auto again = manifest.admit({"./etc/ser2net/ser2net.key", MemberType::file, 1});
  ASSERT_FALSE(again);
  EXPECT_EQ(again.error().what, "archive member \"./etc/ser2net/ser2net.key\" is there twice");
}

TEST(BackupManifest, RefusesLinksDevicesAndStrangers) {
  EXPECT_NE(refusal({key, MemberType::link, 0}).find("is a link"), std::string::npos);
  EXPECT_NE(refusal({key, MemberType::other, 0}).find("neither a file nor a folder"), std::string::npos);
  EXPECT_NE(refusal({"etc/passwd", MemberType::file, 1}).find("\"etc/passwd\" is not part"),
            std::string::npos);
  EXPECT_NE(refusal({"/etc/ser2net/ser2net.key", MemberType::file, 1}).find("is not part"),
            std::string::npos);
  EXPECT_NE(refusal({"../etc/ser2net/ser2net.key", MemberType::file, 1}).find("is not part"),
            std::string::npos);
  EXPECT_NE(refusal({"././etc/ser2net/ser2net.key", MemberType::file, 1}).find("is not part"),
            std::string::npos);
  EXPECT_NE(refusal({"root/.ssh/", MemberType::folder, 0}).find("no backup has"), std::string::npos);
  EXPECT_NE(refusal({"/", MemberType::folder, 0}).find("no backup has"), std::string::npos);
}

TEST(BackupManifest, HasLimitsOfSizeAndNumber) {
  EXPECT_EQ(refusal({key, MemberType::file, largest_member}), "");
  EXPECT_NE(refusal({key, MemberType::file, largest_member + 1}).find("larger than 65536 bytes"),
            std::string::npos);
  BackupManifest manifest;
  for (std::size_t i = 0; i < most_members; ++i) ASSERT_TRUE(manifest.admit({"etc/", MemberType::folder, 0}));
  EXPECT_FALSE(manifest.admit({"etc/", MemberType::folder, 0}));
}

}  // namespace
}  // namespace pizwg
