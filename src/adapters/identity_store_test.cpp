#include "adapters/identity_store.h"

#include <cstdlib>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include "adapters/archive.h"
#include "adapters/identity.h"
#include "base/file.h"

namespace pizwg {
namespace {

namespace fs = std::filesystem;

class IdentityStoreTest : public testing::Test {
 protected:
  void SetUp() override {
    std::string name = (fs::temp_directory_path() / "pizwg_identity_store_test.XXXXXX").native();
    ASSERT_NE(::mkdtemp(name.data()), nullptr);
    root = name;
  }
  void TearDown() override { fs::remove_all(root); }
  void put(const fs::path& path, std::string_view content) const {
    fs::create_directories((root / path).parent_path());
    ASSERT_TRUE(write_file(root / path, content, 0644));
  }

  fs::path root;
  const IdentityFiles files{{std::string(server_key_path), "key"},
                            {std::string(server_certificate_path), "certificate"},
                            {client_pem_path("ha"), "pem"},
                            {allowed_path("ha", "ha.crt"), "pin"},
                            {revoked_path("old", "1.crt"), "revoked"}};
};

TEST_F(IdentityStoreTest, IsEmptyAtFirst) {
  EXPECT_EQ(load_identity(root), IdentityFiles());
}

TEST_F(IdentityStoreTest, LoadsWhatWasSavedAndTheBackupIsTheSame) {
  ASSERT_TRUE(save_identity(root, files));
  EXPECT_EQ(load_identity(root), files);
  EXPECT_EQ(read_archive(*read_file(root / backup_path, 100'000)), files);
}

TEST_F(IdentityStoreTest, LeavesOutWhatIsNotOurs) {
  ASSERT_TRUE(save_identity(root, files));
  put("root/other.pem", "the key of somebody else");
  put("usr/share/ser2net/auth/ha/allowed_certs/README", "");
  put("usr/share/ser2net/auth/ha/allowed_certs/.ha.crt.x1y2z3", "left by a crash");
  put("usr/share/ser2net/auth/ha/password", "");
  put("usr/share/ser2net/auth/Strange Name/allowed_certs/a.crt", "");
  fs::create_symlink("ha.crt", root / "usr/share/ser2net/auth/ha/allowed_certs/0a1b2c3d.0");
  EXPECT_EQ(load_identity(root), files);
}

TEST_F(IdentityStoreTest, AKeyWithoutItsClientsFolderIsFoundForTheFirstPizwgsClientOnly) {
  put("root/pizwg-client.pem", "left over");
  put("root/ha.pem", "left over");
  EXPECT_EQ(load_identity(root), (IdentityFiles{{client_pem_path("pizwg-client"), "left over"}}));
}

TEST_F(IdentityStoreTest, WhatIsNotSavedAnyMoreIsRemovedAndKeptOnRequest) {
  ASSERT_TRUE(save_identity(root, files));
  IdentityFiles fewer = files;
  fewer.erase(client_pem_path("ha"));
  ASSERT_TRUE(save_identity(root, fewer, Replaced::kept));
  EXPECT_EQ(load_identity(root), fewer);
  EXPECT_EQ(read_archive(*read_file(root / replaced_backup_path, 100'000)), files);
}

TEST_F(IdentityStoreTest, AWrongModeIsPutRight) {
  ASSERT_TRUE(save_identity(root, files));
  ASSERT_EQ(::chmod((root / server_key_path).c_str(), 0644), 0);
  ASSERT_TRUE(save_identity(root, files));
  struct stat info {};
  ASSERT_EQ(::stat((root / server_key_path).c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 07777, 0600u);
}

TEST_F(IdentityStoreTest, TheServersKeyAndNothingElseIsGivenToTheDaemonsGroup) {
  if (::geteuid() != 0) GTEST_SKIP() << "only root can give a file to a group";
  put("etc/group", "root:x:0:\npizwg:x:4711:\n");
  ASSERT_TRUE(save_identity(root, files));
  for (const auto& path : {std::string(server_key_path), client_pem_path("ha"), std::string(backup_path)}) {
    struct stat info {};
    ASSERT_EQ(::stat((root / path).c_str(), &info), 0);
    const bool given = path == server_key_path;
    EXPECT_EQ(info.st_mode & 07777, given ? 0640u : 0600u) << path;
    EXPECT_EQ(info.st_gid, given ? 4711u : 0u) << path;
    EXPECT_EQ(info.st_uid, 0u) << path;
  }
}

TEST_F(IdentityStoreTest, AKeyFromTheTimeBeforeTheGroupIsGivenToItWithoutAChangeOfContent) {
  if (::geteuid() != 0) GTEST_SKIP() << "only root can give a file to a group";
  ASSERT_TRUE(save_identity(root, files));
  put("etc/group", "pizwg:x:4711:\n");
  ASSERT_TRUE(save_identity(root, files));
  struct stat info {};
  ASSERT_EQ(::stat((root / server_key_path).c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 07777, 0640u);
  EXPECT_EQ(info.st_gid, 4711u);
}

TEST_F(IdentityStoreTest, AFileThatIsTooLargeIsAnErrorThatNamesIt) {
  put(server_key_path, std::string(largest_identity_file + 1, 'x'));
  const auto loaded = load_identity(root);
  ASSERT_FALSE(loaded);
  EXPECT_NE(loaded.error().what.find("etc/ser2net/ser2net.key"), std::string::npos);
}

TEST_F(IdentityStoreTest, TheLockIsForOneAtATime) {
  const auto first = lock_identity(root);
  ASSERT_TRUE(first);
  EXPECT_FALSE(lock_identity(root));
  EXPECT_FALSE(lock_identity(root / "absent"));
}

}  // namespace
}  // namespace pizwg
