#include "adapters/child_process.h"

#include <csignal>
#include <fcntl.h>
#include <filesystem>
#include <gtest/gtest.h>
#include <optional>
#include <sys/wait.h>

#include <asio/ip/tcp.hpp>

#include "adapters/event_loop_test.h"

namespace pizwg {
namespace {

using namespace std::chrono_literals;

class ChildProcessTest : public EventLoopTest {
 protected:
  // No zombie stays, which the tests after this one would find, either.
  void TearDown() override {
    child_.cancel();
    EXPECT_TRUE(comes_true([] { return !has_children(); }));
  }

  void run(const std::vector<std::string>& command, std::chrono::milliseconds limit = 10s) {
    child_.run(command, limit, [this](Result<ChildOutcome> outcome) {
      ++calls_;
      outcome_ = std::move(outcome);
    });
  }
  void shell(const std::string& script, std::chrono::milliseconds limit = 10s) {
    run({"sh", "-c", script}, limit);
  }

  const Result<ChildOutcome>& outcome() {
    EXPECT_TRUE(comes_true([this] { return outcome_.has_value(); }));
    return *outcome_;
  }
  static bool has_children() {
    siginfo_t info{};
    return ::waitid(P_ALL, 0, &info, WEXITED | WNOHANG | WNOWAIT) == 0;
  }
  static std::size_t descriptors() {
    const std::filesystem::directory_iterator all("/proc/self/fd");
    return static_cast<std::size_t>(std::distance(begin(all), end(all)));
  }

  ChildProcess child_{io_};
  std::optional<Result<ChildOutcome>> outcome_;
  int calls_ = 0;
};

TEST_F(ChildProcessTest, BothOutputsAndTheExitStatusAreTold) {
  shell("echo one; echo two >&2; exit 3");
  ASSERT_TRUE(outcome());
  EXPECT_EQ(outcome()->exit_status, 3);
  EXPECT_EQ(outcome()->output, "one\ntwo\n");
}

TEST_F(ChildProcessTest, TheArgumentsAreTakenAsTheyAre) {
  run({"printf", "%s", "a b; $(echo c) 'd'"});
  EXPECT_EQ(outcome()->output, "a b; $(echo c) 'd'");
}

TEST_F(ChildProcessTest, OfALongOutputTheBeginningIsKeptAndTheProgramEnds) {
  shell("yes x | head -c 1000000");
  ASSERT_TRUE(outcome());
  EXPECT_EQ(outcome()->output.size(), 16U * 1024);
}

TEST_F(ChildProcessTest, ItsInputIsEmpty) {
  run({"cat"});
  EXPECT_EQ(outcome()->output, "");
}

TEST_F(ChildProcessTest, NoDescriptorOfOursIsInherited) {
  // As Asio makes its sockets: without close-on-exec.
  asio::ip::tcp::socket ours(io_, asio::ip::tcp::v4());
  ASSERT_EQ(::fcntl(ours.native_handle(), F_GETFD), 0);
  run({"ls", "/proc/self/fd"});
  EXPECT_EQ(outcome()->output, "0\n1\n2\n3\n") << "3 is the folder that ls reads";
}

TEST_F(ChildProcessTest, SignalsAreItsOwn) {
  std::signal(SIGPIPE, SIG_IGN);
  // The last seven digits are of the signals up to 28; glibc keeps 32 and 33 to itself.
  shell("sed -n 's/^Sig\\(Ign\\|Blk\\):.*\\(.\\{7\\}\\)$/\\1 \\2/p' /proc/self/status");
  EXPECT_EQ(outcome()->output, "Blk 0000000\nIgn 0000000\n");
}

TEST_F(ChildProcessTest, AProgramThatIsNotThereIsAnErrorThatSaysSo) {
  run({"no-such-program"});
  EXPECT_EQ(outcome().error().what, "cannot start \"no-such-program\": No such file or directory");
  EXPECT_EQ(outcome().error().hint, "is the package no-such-program installed?");
}

TEST_F(ChildProcessTest, OneThatTakesTooLongIsKilledAndReaped) {
  shell("trap '' TERM; exec sleep 1000", 50ms);
  EXPECT_EQ(outcome().error().what, "\"sh\" has not ended within 50 ms");
  EXPECT_TRUE(comes_true([] { return !has_children(); }));
  EXPECT_EQ(calls_, 1);
}

TEST_F(ChildProcessTest, OneThatIsKilledIsAnError) {
  shell("kill -9 $$");
  EXPECT_EQ(outcome().error().what, "\"sh\" was ended by signal 9");
}

TEST_F(ChildProcessTest, TheNextRunCancelsTheOneBefore) {
  shell("exec sleep 1000");
  shell("echo second");
  EXPECT_EQ(outcome()->output, "second\n");
  EXPECT_TRUE(comes_true([] { return !has_children(); }));
  EXPECT_EQ(calls_, 1);
}

TEST_F(ChildProcessTest, ACancelledOneIsReapedAndSaysNothing) {
  run({"sleep", "1000"});
  EXPECT_TRUE(child_.running());
  child_.cancel();
  EXPECT_FALSE(child_.running());
  EXPECT_TRUE(comes_true([] { return !has_children(); }));
  EXPECT_EQ(calls_, 0);
}

TEST_F(ChildProcessTest, WhoWasKilledCountsUntilItHasEnded) {
  run({"sleep", "1000"});
  child_.cancel();
  EXPECT_EQ(child_.alive(), 1) << "nobody has looked yet";
  EXPECT_TRUE(comes_true([this] { return child_.alive() == 0; }));
}

TEST_F(ChildProcessTest, WhileThreeHaveNotEndedNoFurtherOneIsStarted) {
  // The loop does not run in between: for us they are as if not even SIGKILL ended them.
  for (int i = 0; i < 3; ++i) run({"sleep", "1000"});
  run({"true"});
  EXPECT_EQ(outcome().error().what, "3 earlier calls of \"true\" still hang");
  EXPECT_TRUE(comes_true([this] { return child_.alive() < 3; }));
  outcome_.reset();
  run({"true"});
  EXPECT_TRUE(outcome()) << "not for ever";
}

TEST_F(ChildProcessTest, ADestroyedOneSKilledProgramIsReaped) {
  auto other = std::make_optional<ChildProcess>(io_);
  other->run({"sleep", "1000"}, 10s, [](const Result<ChildOutcome>&) { FAIL() << "it is gone"; });
  other.reset();
  EXPECT_TRUE(comes_true([] { return !has_children(); }));
}

TEST_F(ChildProcessTest, OneThatTalksForEverIsHeardAndKilled) {
  run({"yes"}, 100ms);
  EXPECT_EQ(outcome().error().what, "\"yes\" has not ended within 100 ms");
  EXPECT_TRUE(comes_true([] { return !has_children(); }));
}

TEST_F(ChildProcessTest, NoDescriptorIsLeftBehind) {
  shell("true");
  ASSERT_TRUE(outcome());
  const auto before = descriptors();
  for (int i = 0; i < 20; ++i) {
    outcome_.reset();
    shell(i % 2 == 0 ? "true" : "exec sleep 1000", 20ms);
    outcome();
  }
  EXPECT_TRUE(comes_true([&] { return !has_children() && descriptors() <= before; }))
      << descriptors() << " " << before;
}

}  // namespace
}  // namespace pizwg
