#include "adapters/file_watch.h"

#include <cstdlib>
#include <fstream>
#include <gtest/gtest.h>

namespace pizwg {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

class FileWatchTest : public testing::Test {
 protected:
  void SetUp() override {
    std::string name = (fs::temp_directory_path() / "pizwg_file_watch_test.XXXXXX").native();
    ASSERT_NE(::mkdtemp(name.data()), nullptr);
    folder = name;
  }
  void TearDown() override { fs::remove_all(folder); }

  std::unique_ptr<FileWatch> watch(const std::vector<fs::path>& folders) {
    return std::make_unique<FileWatch>(
        io, [folders] { return folders; }, [this] { ++changes; });
  }
  void write(const fs::path& path) { std::ofstream(path) << "x"; }
  // Whether a change was told since the last call; waits for it for `limit`.
  bool told(std::chrono::milliseconds limit = 10s) {
    const int before = std::exchange(seen, changes);
    if (changes > before) return true;
    const auto deadline = std::chrono::steady_clock::now() + limit;
    while (changes == before && io.run_one_until(deadline) > 0) {
    }
    return std::exchange(seen, changes) > before || changes > before;
  }

  asio::io_context io;
  fs::path folder;
  int changes = 0;
  int seen = 0;
};

TEST_F(FileWatchTest, TellsThatAFileWasWrittenReplacedOrRemoved) {
  write(folder / "there");
  const auto watched = watch({folder});
  write(folder / "there");
  EXPECT_TRUE(told());
  write(folder / "new");
  EXPECT_TRUE(told());
  fs::rename(folder / "new", folder / "there");
  EXPECT_TRUE(told());
  fs::remove(folder / "there");
  EXPECT_TRUE(told());
}

TEST_F(FileWatchTest, ABurstIsToldOnce) {
  const auto watched = watch({folder});
  for (int i = 0; i < 100; ++i) write(folder / std::to_string(i));
  EXPECT_TRUE(told());
  EXPECT_FALSE(told(200ms));
  EXPECT_EQ(changes, 1);
}

TEST_F(FileWatchTest, IsSilentWhileNothingChanges) {
  write(folder / "there");
  const auto watched = watch({folder});
  std::ifstream(folder / "there").get();  // reading is no change
  EXPECT_FALSE(told(200ms));
}

TEST_F(FileWatchTest, SeesAFolderThatDoesNotExistYetComeToBe) {
  const auto watched = watch({folder / "a" / "b"});
  fs::create_directories(folder / "a" / "b");
  EXPECT_TRUE(told());
  write(folder / "a" / "b" / "file");
  EXPECT_TRUE(told());
}

TEST_F(FileWatchTest, SeesAFolderThatIsReplaced) {
  fs::create_directories(folder / "a");
  const auto watched = watch({folder, folder / "a"});
  fs::rename(folder / "a", folder / "old");
  fs::create_directories(folder / "a");
  EXPECT_TRUE(told());
  write(folder / "a" / "file");
  EXPECT_TRUE(told());
}

TEST_F(FileWatchTest, AsksForTheFoldersAnewAfterAChange) {
  std::vector<fs::path> folders{folder};
  FileWatch watched(
      io, [&folders] { return folders; }, [this] { ++changes; });
  fs::create_directories(folder / "later");
  folders.push_back(folder / "later");
  EXPECT_TRUE(told());
  write(folder / "later" / "file");
  EXPECT_TRUE(told());
}

TEST_F(FileWatchTest, IsSilentOnceItIsGone) {
  auto watched = watch({folder});
  write(folder / "file");
  watched.reset();
  EXPECT_FALSE(told(200ms));
}

}  // namespace
}  // namespace pizwg
