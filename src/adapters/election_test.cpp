#include "adapters/election.h"

#include <csignal>
#include <cstdlib>
#include <fcntl.h>
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/file.h"
#include "base/unique_fd.h"

namespace pizwg {
namespace {

// A process that moves ten times a second, as keepalived's does, and is ended with the test.
class Mover {
 public:
  Mover() : pid_(::fork()) {
    if (pid_ != 0) return;
    while (true) ::usleep(20'000);
  }
  ~Mover() { end(); }
  Mover(const Mover&) = delete;
  Mover& operator=(const Mover&) = delete;

  int pid() const { return pid_; }
  void signal(int number) const { ::kill(pid_, number); }
  void end() {
    if (pid_ <= 0) return;
    ::kill(pid_, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
    pid_ = 0;
  }

 private:
  int pid_;
};

class ElectionTest : public testing::Test {
 protected:
  ElectionTest() {
    char name[] = "/tmp/pizwg-election-XXXXXX";
    folder_ = ::mkdtemp(name);
    paths_ = {.veto = folder_ / "veto", .notices = folder_ / "notify", .vrrp_pid = folder_ / "vrrp.pid"};
    election_.emplace(io_, paths_,
                      Election::Handlers{.became_master = [this] { ++became_; },
                                         .lost_master = [this] { ++lost_; },
                                         .frozen = [this] { ++frozen_; }});
  }
  ~ElectionTest() override {
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
  }

  void write_pid() const {
    ASSERT_TRUE(write_file(paths_.vrrp_pid, fmt::format("{}\n", mover_.pid()), 0644));
  }

  void say(std::string_view text) const {
    const UniqueFd fifo(::open(paths_.notices.c_str(), O_WRONLY | O_NONBLOCK));
    ASSERT_TRUE(fifo);
    ASSERT_EQ(::write(fifo.get(), text.data(), text.size()), std::ssize(text));
  }

  // Bytes in the FIFO.
  int unread() const {
    const UniqueFd fifo(::open(paths_.notices.c_str(), O_RDWR | O_NONBLOCK));
    int count = -1;
    ::ioctl(fifo.get(), FIONREAD, &count);
    return count;
  }

  void network(bool vip, bool carrier = true) {
    NetworkInterface eth0;
    eth0.name = "eth0";
    eth0.carrier = carrier;
    if (vip) eth0.addresses = {{.address = {.address = settings_.vip, .prefix = 32}}};
    election_->network_is({.interfaces = {eth0}}, settings_);
  }

  template <typename Condition>
  bool within_seconds(int seconds, Condition condition) {
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(seconds);
    while (!condition() && std::chrono::steady_clock::now() < deadline) {
      io_.restart();
      io_.run_one_for(std::chrono::milliseconds(10));
    }
    return condition();
  }

  // keepalived lives, says master and holds the VIP.
  void become_master() {
    write_pid();
    ASSERT_TRUE(election_->start());
    network(true);
    say("INSTANCE \"pizwg\" MASTER 20\n");
    ASSERT_TRUE(within_seconds(5, [this] { return became_ == 1; }));
  }

  asio::io_context io_{1};
  std::filesystem::path folder_;
  ElectionPaths paths_;
  ElectionSettings settings_{
      .interface = "eth0", .router_id = "", .address = {}, .vip = *Ipv4::parse("10.0.0.254"), .peers = {}};
  Mover mover_;
  std::optional<Election> election_;
  int became_ = 0;
  int lost_ = 0;
  int frozen_ = 0;
};

TEST_F(ElectionTest, MasterIsWhenAllThreeSaySo) {
  become_master();
  EXPECT_TRUE(election_->is_master());
}

TEST_F(ElectionTest, ANoticeWithoutTheVipIsNotEnough) {
  write_pid();
  ASSERT_TRUE(election_->start());
  network(false);
  say("INSTANCE \"pizwg\" MASTER 20\n");
  ASSERT_TRUE(within_seconds(5, [this] { return election_->notice() == VrrpState::master; }));
  EXPECT_FALSE(election_->is_master());
  network(true);
  EXPECT_TRUE(election_->is_master());
}

TEST_F(ElectionTest, ANoticeOfADeadProcessIsNotEnough) {
  write_pid();
  mover_.end();
  ASSERT_TRUE(election_->start());
  network(true);
  say("INSTANCE \"pizwg\" MASTER 20\n");
  ASSERT_TRUE(within_seconds(5, [this] { return election_->notice() == VrrpState::master; }));
  EXPECT_FALSE(election_->is_master());
}

TEST_F(ElectionTest, TheRoleEndsWithTheVip) {
  become_master();
  network(false);
  EXPECT_EQ(lost_, 1);
}

TEST_F(ElectionTest, TheRoleEndsWithTheCarrier) {
  become_master();
  network(true, false);
  EXPECT_EQ(lost_, 1);
}

TEST_F(ElectionTest, TheRoleEndsWithTheProcessAndItsNoticesAreForgotten) {
  become_master();
  mover_.end();
  EXPECT_TRUE(within_seconds(5, [this] { return lost_ == 1; }));
  EXPECT_EQ(election_->notice(), VrrpState::unknown);
  EXPECT_TRUE(election_->holds_vip());
}

TEST_F(ElectionTest, TheRoleEndsWithANotice) {
  become_master();
  say("INSTANCE \"pizwg\" FAULT 20\n");
  EXPECT_TRUE(within_seconds(5, [this] { return lost_ == 1; }));
}

TEST_F(ElectionTest, AFrozenProcessIsFoundAndSaidOnce) {
  become_master();
  mover_.signal(SIGSTOP);
  EXPECT_TRUE(within_seconds(5, [this] { return lost_ == 1 && frozen_ == 1; }));
  mover_.signal(SIGCONT);
  EXPECT_TRUE(within_seconds(5, [this] { return became_ == 2; }));
  EXPECT_EQ(frozen_, 1);
}

TEST_F(ElectionTest, AFrozenProcessIsFoundWhateverItSaidBeforeWeWereStarted) {
  write_pid();
  mover_.signal(SIGSTOP);
  ASSERT_TRUE(election_->start());
  ASSERT_TRUE(election_->clear_veto());
  EXPECT_TRUE(within_seconds(10, [this] { return frozen_ == 1; }));
}

TEST_F(ElectionTest, NoticesInPiecesAndWithNoiseAreUnderstood) {
  write_pid();
  ASSERT_TRUE(election_->start());
  network(true);
  say(std::string(2000, 'x'));
  say("\nGROUP \"a\" MASTER 1\nINSTANCE \"piz");
  ASSERT_TRUE(within_seconds(5, [this] { return unread() == 0; }));
  say("wg\" MASTER 20\nINSTANCE \"pizwg\" BACKUP 20\nINSTANCE \"pizwg\" MASTER 20\n");
  EXPECT_TRUE(within_seconds(5, [this] { return election_->is_master(); }));
}

TEST_F(ElectionTest, ANewStartReadsWhatWaits) {
  ASSERT_TRUE(election_->start());
  write_pid();
  const UniqueFd keepalived(::open(paths_.notices.c_str(), O_RDWR | O_NONBLOCK));
  election_.reset();
  say("INSTANCE \"pizwg\" MASTER 20\n");
  election_.emplace(io_, paths_,
                    Election::Handlers{.became_master = [this] { ++became_; },
                                       .lost_master = [] {},
                                       .frozen = [] {},
                                       .came_or_went = [] {}});
  ASSERT_TRUE(election_->start());
  network(true);
  EXPECT_TRUE(within_seconds(5, [this] { return became_ == 1; }));
}

TEST_F(ElectionTest, TheVetoIsAFileThatIsReplacedAsAWhole) {
  ASSERT_TRUE(election_->set_veto());
  EXPECT_EQ(read_file(paths_.veto, 16), "1\n");
  ASSERT_TRUE(election_->clear_veto());
  EXPECT_EQ(read_file(paths_.veto, 16), "0\n");
  std::filesystem::remove_all(folder_);
  EXPECT_FALSE(election_->set_veto());
}

TEST_F(ElectionTest, SomethingElseInTheFifosPlaceIsReplaced) {
  ASSERT_TRUE(write_file(paths_.notices, "", 0644));
  ASSERT_TRUE(election_->start());
  EXPECT_TRUE(std::filesystem::is_fifo(paths_.notices));
}

}  // namespace
}  // namespace pizwg
