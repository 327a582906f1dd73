#include "base/file.h"

#include <cstdlib>
#include <gtest/gtest.h>
#include <sys/stat.h>

namespace pizwg {
namespace {

namespace fs = std::filesystem;

class FileTest : public testing::Test {
 protected:
  void SetUp() override {
    std::string name = (fs::temp_directory_path() / "pizwg_file_test.XXXXXX").native();
    ASSERT_NE(::mkdtemp(name.data()), nullptr);
    folder = name;
  }
  void TearDown() override { fs::remove_all(folder); }
  std::size_t entries() const {
    return static_cast<std::size_t>(std::distance(fs::directory_iterator(folder), fs::directory_iterator()));
  }

  fs::path folder;
};

TEST_F(FileTest, WritesAndReadsBack) {
  ASSERT_TRUE(write_file(folder / "a", "one", 0600));
  ASSERT_TRUE(write_file(folder / "a", "two", 0600));
  EXPECT_EQ(read_file(folder / "a", 3), "two");
  EXPECT_EQ(entries(), 1u);
}

TEST_F(FileTest, TheModeDoesNotDependOnTheUmask) {
  const mode_t before = ::umask(0077);
  ASSERT_TRUE(write_file(folder / "public", "", 0644));
  ::umask(0);
  ASSERT_TRUE(write_file(folder / "secret", "", 0600));
  ::umask(before);
  struct stat info {};
  ASSERT_EQ(::stat((folder / "public").c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 07777, 0644u);
  ASSERT_EQ(::stat((folder / "secret").c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 07777, 0600u);
}

TEST_F(FileTest, ReplacesAsAWholeAndLeavesNothingBehind) {
  ASSERT_TRUE(replace_file(folder / "a", "one", 0644));
  ASSERT_TRUE(replace_file(folder / "a", "two", 0644));
  EXPECT_EQ(read_file(folder / "a", 3), "two");
  EXPECT_FALSE(replace_file(folder / "absent" / "a", "x", 0600));
  fs::create_directory(folder / "taken");
  EXPECT_FALSE(replace_file(folder / "taken", "x", 0600));
  EXPECT_EQ(entries(), 2u);
}

TEST_F(FileTest, TooLargeIsAnErrorAndNotATruncatedFile) {
  ASSERT_TRUE(write_file(folder / "a", "four", 0600));
  const auto content = read_file(folder / "a", 3);
  ASSERT_FALSE(content);
  EXPECT_NE(content.error().what.find("more than 3 bytes"), std::string::npos);
}

TEST_F(FileTest, AFifoInTheFilesPlaceDoesNotHang) {
  ASSERT_EQ(::mkfifo((folder / "fifo").c_str(), 0600), 0);
  const auto content = read_file(folder / "fifo", 10);
  ASSERT_FALSE(content);
  EXPECT_NE(content.error().what.find("not a regular file"), std::string::npos);
}

TEST_F(FileTest, AFailedWriteLeavesNothingBehind) {
  fs::create_directory(folder / "taken");
  const auto written = write_file(folder / "taken", "x", 0600);
  ASSERT_FALSE(written);
  EXPECT_EQ(entries(), 1u);
  EXPECT_FALSE(write_file(folder / "absent" / "a", "x", 0600));
}

}  // namespace
}  // namespace pizwg
