#include "adapters/file_set.h"

#include <cstdlib>
#include <gtest/gtest.h>
#include <map>
#include <sys/stat.h>

#include "base/file.h"

namespace pizwg {
namespace {

namespace fs = std::filesystem;

class FileSetTest : public testing::Test {
 protected:
  void SetUp() override {
    std::string name = (fs::temp_directory_path() / "pizwg_file_set_test.XXXXXX").native();
    ASSERT_NE(::mkdtemp(name.data()), nullptr);
    folder = name;
    ASSERT_TRUE(write_file(folder / "old", "old", 0600));
    ASSERT_TRUE(write_file(folder / "gone", "gone", 0640));
    before = everything();
  }
  void TearDown() override { fs::remove_all(folder); }

  // Every path with its mode and content: hidden files and folders too.
  std::map<std::string, std::string> everything() const {
    std::map<std::string, std::string> found;
    for (const auto& entry : fs::recursive_directory_iterator(folder)) {
      struct stat info {};
      EXPECT_EQ(::lstat(entry.path().c_str(), &info), 0);
      const std::string content = S_ISREG(info.st_mode) ? *read_file(entry.path(), 1000) : "";
      found[entry.path().lexically_relative(folder)] = std::to_string(info.st_mode) + " " + content;
    }
    return found;
  }

  fs::path folder;
  std::map<std::string, std::string> before;
};

TEST_F(FileSetTest, CreatesReplacesAndRemoves) {
  FileSet changes;
  changes.write(folder / "a" / "b" / "new", "new", 0644);
  changes.write(folder / "old", "newer", 0600);
  changes.remove(folder / "gone");
  changes.remove(folder / "never there");
  ASSERT_TRUE(changes.commit());
  EXPECT_EQ(read_file(folder / "a/b/new", 10), "new");
  EXPECT_EQ(read_file(folder / "old", 10), "newer");
  EXPECT_EQ(everything().size(), 4u);  // a, a/b, a/b/new, old
}

TEST_F(FileSetTest, ModesDoNotDependOnTheUmask) {
  const mode_t mask = ::umask(0077);
  FileSet changes;
  changes.write(folder / "a" / "public", "", 0644);
  const auto committed = changes.commit();
  ::umask(mask);
  ASSERT_TRUE(committed);
  struct stat info {};
  ASSERT_EQ(::stat((folder / "a").c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 07777, 0755u);
  ASSERT_EQ(::stat((folder / "a" / "public").c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 07777, 0644u);
}

TEST_F(FileSetTest, WhatCannotBePreparedChangesNothing) {
  FileSet changes;
  changes.write(folder / "x" / "new", "new", 0600);
  changes.write(folder / "old", "newer", 0600);
  changes.write(folder / "old" / "below a file", "", 0600);
  EXPECT_FALSE(changes.commit());
  EXPECT_EQ(everything(), before);
}

TEST_F(FileSetTest, AFailureHalfwayUndoesWhatWasDone) {
  FileSet changes;
  changes.write(folder / "x" / "new", "new", 0600);
  changes.write(folder / "old", "newer", 0600);
  changes.remove(folder / "gone");
  changes.write(folder / "late", "ours", 0600);
  // Somebody else is faster: renaming onto it fails, after three steps that had succeeded.
  ASSERT_TRUE(write_file(folder / "late", "theirs", 0600));
  before = everything();
  const auto committed = changes.commit();
  ASSERT_FALSE(committed);
  EXPECT_NE(committed.error().what.find("late"), std::string::npos);
  EXPECT_EQ(everything(), before);
}

TEST_F(FileSetTest, AFolderInTheFilesPlaceStaysAFolder) {
  fs::create_directory(folder / "taken");
  before = everything();
  FileSet changes;
  changes.write(folder / "old", "newer", 0600);
  changes.write(folder / "taken", "x", 0600);
  EXPECT_FALSE(changes.commit());
  EXPECT_EQ(everything(), before);
}

}  // namespace
}  // namespace pizwg
