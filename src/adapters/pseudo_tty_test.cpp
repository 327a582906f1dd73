#include "adapters/pseudo_tty.h"

#include <array>
#include <cstdlib>
#include <fcntl.h>
#include <fstream>
#include <gtest/gtest.h>
#include <poll.h>
#include <string>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

namespace pizwg {
namespace {

namespace fs = std::filesystem;

class PseudoTtyTest : public testing::Test {
 protected:
  void SetUp() override {
    std::string name = (fs::temp_directory_path() / "pizwg_pseudo_tty_test.XXXXXX").native();
    ASSERT_NE(::mkdtemp(name.data()), nullptr);
    folder = name;
    link = folder / "gateway";
  }
  void TearDown() override { fs::remove_all(folder); }
  UniqueFd open_link() const { return UniqueFd(::open(link.c_str(), O_RDWR | O_NOCTTY | O_CLOEXEC)); }
  static bool readable(int fd, int timeout_ms) {
    pollfd waited{fd, POLLIN, 0};
    return ::poll(&waited, 1, timeout_ms) == 1;
  }

  fs::path folder;
  fs::path link;
};

TEST_F(PseudoTtyTest, PassesEveryByteValueUnchangedBothWays) {
  auto tty = PseudoTty::create(link);
  ASSERT_TRUE(tty) << tty.error().what;
  const UniqueFd port = open_link();
  std::string all;
  for (int i = 0; i < 256; ++i) all += static_cast<char>(i);
  for (const auto& [from, to] :
       {std::pair(port.get(), tty->master()), std::pair(tty->master(), port.get())}) {
    ASSERT_EQ(::write(from, all.data(), all.size()), 256);
    std::string got;
    while (got.size() < all.size() && readable(to, 5000)) {
      char buffer[256];
      got.append(buffer, static_cast<std::size_t>(::read(to, buffer, sizeof buffer)));
    }
    EXPECT_EQ(got, all);
  }
}

TEST_F(PseudoTtyTest, StaysRawWhateverItsOpenerSets) {
  auto tty = PseudoTty::create(link);
  ASSERT_TRUE(tty);
  tty->watch_settings();
  const UniqueFd port = open_link();
  termios cooked{};
  ASSERT_EQ(::tcgetattr(port.get(), &cooked), 0);
  cooked.c_iflag |= ICRNL | IXON;
  cooked.c_oflag |= OPOST | ONLCR;
  cooked.c_lflag |= ECHO | ICANON | ISIG;
  cooked.c_cc[VMIN] = 0;
  ASSERT_EQ(::tcsetattr(port.get(), TCSANOW, &cooked), 0);

  // The kernel tells; ours is told of, too, and that is the end of it.
  char buffer[64];
  int told = 0;
  while (readable(tty->master(), 100) && told < 10) {
    const auto got = ::read(tty->master(), buffer, sizeof buffer);
    ASSERT_GE(got, 1);
    if (buffer[0] == 0) continue;
    ++told;
    tty->stay_raw();
  }
  EXPECT_GE(told, 1);
  EXPECT_LT(told, 10);

  ASSERT_EQ(::write(tty->master(), "\r\x13\x03\n", 4), 4);
  ASSERT_TRUE(readable(port.get(), 5000));
  ASSERT_EQ(::read(port.get(), buffer, sizeof buffer), 4);
  EXPECT_EQ(std::string(buffer, 4), "\r\x13\x03\n");
  ASSERT_EQ(::write(port.get(), "\n", 1), 1);
  ASSERT_TRUE(readable(tty->master(), 5000));
  ASSERT_EQ(::read(tty->master(), buffer, sizeof buffer), 2);
  EXPECT_EQ(std::string(buffer, 2), std::string("\0\n", 2));
  ASSERT_EQ(::tcgetattr(port.get(), &cooked), 0);
  EXPECT_EQ(cooked.c_cc[VMIN], 0);
}

TEST_F(PseudoTtyTest, HasTheModeThatItsOwnerWants) {
  auto tty = PseudoTty::create(link, {.mode = 0640});
  ASSERT_TRUE(tty);
  EXPECT_EQ(fs::status(tty->slave_path()).permissions(), static_cast<fs::perms>(0640));
}

TEST_F(PseudoTtyTest, KnowsWhetherSomebodyHasThePortOpen) {
  auto tty = PseudoTty::create(link);
  ASSERT_TRUE(tty);
  EXPECT_FALSE(tty->opened());
  {
    const UniqueFd first = open_link();
    EXPECT_TRUE(readable(tty->watch(), 5000));
    EXPECT_TRUE(tty->opened());
    { const UniqueFd second = open_link(); }
    EXPECT_TRUE(tty->opened());
    EXPECT_FALSE(tty->take_left());
  }
  EXPECT_FALSE(tty->opened());
  EXPECT_TRUE(tty->take_left());
  EXPECT_FALSE(tty->take_left());
}

TEST_F(PseudoTtyTest, SeesTheNextOneAfterTwoWhoCameAtOnce) {
  auto tty = PseudoTty::create(link);
  ASSERT_TRUE(tty);
  {
    const UniqueFd one = open_link();
    { const UniqueFd other = open_link(); }  // the kernel tells of both openings as of one
    tty->opened();
  }
  EXPECT_FALSE(tty->opened());
  const UniqueFd port = open_link();
  EXPECT_TRUE(tty->opened());
}

TEST_F(PseudoTtyTest, NoticesSomebodyWhoCameAndLeftBetweenTwoLooks) {
  auto tty = PseudoTty::create(link);
  ASSERT_TRUE(tty);
  { const UniqueFd port = open_link(); }
  EXPECT_FALSE(tty->opened());
  EXPECT_TRUE(tty->take_left());
}

TEST_F(PseudoTtyTest, ResetForgetsWhatNobodyReadAndHowThePortWasSet) {
  auto tty = PseudoTty::create(link);
  ASSERT_TRUE(tty);
  termios settings{};
  {
    const UniqueFd port = open_link();
    ASSERT_EQ(::tcgetattr(port.get(), &settings), 0);
    settings.c_lflag |= ICANON | ECHO;
    ASSERT_EQ(::tcsetattr(port.get(), TCSANOW, &settings), 0);
    ASSERT_EQ(::ioctl(port.get(), TIOCEXCL), 0);
    ASSERT_GT(::write(tty->master(), "stale\n", 6), 0);
  }
  tty->reset();
  const UniqueFd port = open_link();
  int exclusive = 1;
  ASSERT_EQ(::ioctl(port.get(), TIOCGEXCL, &exclusive), 0);
  EXPECT_EQ(exclusive, 0);
  ASSERT_EQ(::tcgetattr(port.get(), &settings), 0);
  EXPECT_EQ(settings.c_lflag & (ICANON | ECHO), 0U);
  EXPECT_FALSE(readable(port.get(), 0));
}

TEST_F(PseudoTtyTest, ResetKeepsWhatTheNextOneSaidAlready) {
  auto tty = PseudoTty::create(link);
  ASSERT_TRUE(tty);
  { const UniqueFd port = open_link(); }
  EXPECT_FALSE(tty->opened());
  {
    const UniqueFd next = open_link();
    ASSERT_EQ(::write(next.get(), "fresh", 5), 5);
  }
  tty->reset();
  std::array<char, 16> heard{};
  EXPECT_EQ(::read(tty->master(), heard.data(), heard.size()), 5);
}

TEST_F(PseudoTtyTest, HangsUpAndRemovesItsLinkAtTheEnd) {
  auto tty = PseudoTty::create(link);
  ASSERT_TRUE(tty);
  const UniqueFd port = open_link();
  { const PseudoTty ended = std::move(*tty); }
  char byte = 0;
  const ssize_t got = ::read(port.get(), &byte, 1);
  EXPECT_TRUE(got == 0 || (got < 0 && errno == EIO)) << got;
  EXPECT_FALSE(fs::is_symlink(fs::symlink_status(link)));
}

TEST_F(PseudoTtyTest, LeavesALinkThatIsNoLongerItsOwn) {
  {
    auto tty = PseudoTty::create(link);
    ASSERT_TRUE(tty);
    fs::remove(link);
    fs::create_symlink("/dev/null", link);
  }
  EXPECT_EQ(fs::read_symlink(link), "/dev/null");
}

TEST_F(PseudoTtyTest, ReplacesALinkThatPointsNowhereOrToAPseudoTty) {
  for (const char* target : {"/nowhere/at/all", "/dev/pts/0"}) {
    fs::create_symlink(target, link);
    const auto tty = PseudoTty::create(link);
    ASSERT_TRUE(tty) << tty.error().what;
    EXPECT_EQ(fs::read_symlink(link), tty->slave_path());
  }
}

TEST_F(PseudoTtyTest, CanBeOpenedThroughItsProcess) {
  fs::create_symlink("/proc/1/root/dev/pts/0", link);  // what a killed one leaves
  {
    auto tty = PseudoTty::create(link, {}, TtyLink::process);
    ASSERT_TRUE(tty) << tty.error().what;
    EXPECT_EQ(fs::read_symlink(link), "/proc/" + std::to_string(::getpid()) + "/root" + tty->slave_path());
    EXPECT_TRUE(open_link());
  }
  EXPECT_FALSE(fs::is_symlink(link));
}

TEST_F(PseudoTtyTest, RefusesToReplaceAnythingElse) {
  std::ofstream(link) << "precious";
  auto tty = PseudoTty::create(link);
  ASSERT_FALSE(tty);
  EXPECT_EQ(tty.error().what,
            "cannot make the link \"" + link.native() + "\": something else is in its place");
  EXPECT_EQ(fs::file_size(link), 8U);
  fs::remove(link);
  fs::create_symlink("/dev/null", link);
  EXPECT_FALSE(PseudoTty::create(link));
  EXPECT_EQ(fs::read_symlink(link), "/dev/null");
}

TEST_F(PseudoTtyTest, SaysThatAFolderIsMissing) {
  const auto tty = PseudoTty::create(folder / "none" / "gateway");
  ASSERT_FALSE(tty);
  EXPECT_NE(tty.error().what.find("No such file or directory"), std::string::npos);
  EXPECT_EQ(tty.error().hint, "make its folder first");
}

}  // namespace
}  // namespace pizwg
