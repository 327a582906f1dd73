#include "adapters/hub_power.h"

#include <algorithm>
#include <cstdlib>
#include <gtest/gtest.h>
#include <sys/wait.h>

#include "base/file.h"

namespace pizwg {
namespace {

using namespace std::chrono_literals;
namespace fs = std::filesystem;

// uhubctl is a script: it notes what it was called with, does what the file "behaviour" says, and the gateway
// is there as long as the file "gateway" is.
constexpr const char* script = R"(#!/bin/sh
here=${0%/*}
echo "$@" >> "$here/calls"
. "$here/behaviour"
)";

class HubPowerTest : public testing::Test {
 protected:
  HubPowerTest() {
    char name[] = "/tmp/pizwg-hub-XXXXXX";
    folder_ = ::mkdtemp(name);
    old_path_ = std::getenv("PATH");
    ::setenv("PATH", (folder_.native() + ":" + old_path_).c_str(), 1);
    put("uhubctl", script);
    fs::permissions(folder_ / "uhubctl", fs::perms::owner_all);
    put("gateway", "");
    behave("rm -f \"$here/gateway\"");
    settings_ = {.where = HubPort{.hub = "1-1", .port = 2},
                 .memory = folder_ / "memory",
                 .call_limit = 10s,
                 .effect_limit = 10s,
                 .repeat_after = 50ms};
  }
  ~HubPowerTest() override {
    hub_.reset();
    reap();
    ::setenv("PATH", old_path_.c_str(), 1);
    std::error_code ignored;
    fs::remove_all(folder_, ignored);
  }

  void put(const std::string& name, const std::string& text) const {
    ASSERT_TRUE(write_file(folder_ / name, text, 0600));
  }
  // Where it does, the test is waiting for that: long enough for a first call on a busy machine.
  void expect_to_fail() { settings_.effect_limit = 1s; }
  void behave(const std::string& how) const { put("behaviour", how + "\n"); }
  std::string calls() const { return read_file(folder_ / "calls", 65536).value_or(""); }

  HubPower& hub() {
    if (!hub_) {
      hub_.emplace(
          io_, settings_, [this] { return !fs::exists(folder_ / "gateway"); },
          HubPower::Handlers{.turned_on = [this] { said_ += "on "; },
                             .proven_off = [this] { said_ += "off "; },
                             .failed =
                                 [this](Power wanted, const Error& why) {
                                   said_ += wanted == Power::on ? "on-failed " : "off-failed ";
                                   trouble_ = why;
                                 }});
    }
    return *hub_;
  }
  std::string said() {
    const auto deadline = std::chrono::steady_clock::now() + 10s;
    while (said_.empty() && std::chrono::steady_clock::now() < deadline) {
      io_.restart();
      io_.run_one_for(10ms);
    }
    return said_;
  }

  // What was killed is reaped by the loop, and not by the next test.
  void reap() {
    const auto deadline = std::chrono::steady_clock::now() + 10s;
    siginfo_t info{};
    while (::waitid(P_ALL, 0, &info, WEXITED | WNOHANG | WNOWAIT) == 0 &&
           std::chrono::steady_clock::now() < deadline) {
      io_.restart();
      io_.run_one_for(10ms);
    }
  }

  asio::io_context io_{1};
  fs::path folder_;
  std::string old_path_;
  HubPower::Settings settings_;
  std::optional<HubPower> hub_;
  std::string said_;
  Error trouble_;
};

TEST_F(HubPowerTest, OffIsProvenWhenTheGatewayIsGone) {
  hub().turn_off();
  EXPECT_EQ(said(), "off ");
  EXPECT_EQ(calls(), "--location 1-1 --action off --nodesc --ports 2\n");
}

TEST_F(HubPowerTest, OnIsWhatUhubctlSays) {
  behave("exit 0");
  hub().turn_on();
  EXPECT_EQ(said(), "on ");
  EXPECT_EQ(calls(), "--location 1-1 --action on --nodesc --ports 2\n");
}

TEST_F(HubPowerTest, WithoutAnEffectItIsRepeatedAndThenAFault) {
  expect_to_fail();
  behave("exit 0");
  hub().turn_off();
  EXPECT_EQ(said(), "off-failed ");
  EXPECT_EQ(trouble_.what, "uhubctl says off, but the gateway is still there");
  EXPECT_GT(std::ranges::count(calls(), '\n'), 1);
}

TEST_F(HubPowerTest, ALateEffectIsAProof) {
  behave("(sleep 0.2; rm -f \"$here/gateway\") >/dev/null 2>&1 &");
  hub().turn_off();
  EXPECT_EQ(said(), "off ");
}

TEST_F(HubPowerTest, WhatIsNotPermittedSaysWhatToInstall) {
  expect_to_fail();
  behave("echo 'Permission denied'; exit 1");
  hub().turn_off();
  EXPECT_EQ(said(), "off-failed ");
  EXPECT_EQ(trouble_.what, "uhubctl may not switch the hub");
}

TEST_F(HubPowerTest, ALastCallThatIsCutShortDoesNotHideTheReason) {
  expect_to_fail();
  behave(
      "[ -e \"$here/first\" ] && exec sleep 1000; touch \"$here/first\"; echo 'Permission denied'; exit 1");
  hub().turn_off();
  EXPECT_EQ(said(), "off-failed ");
  EXPECT_EQ(trouble_.what, "uhubctl may not switch the hub");
}

TEST_F(HubPowerTest, AHubThatIsNoneIsSaid) {
  expect_to_fail();
  behave("echo 'No compatible devices detected at location 1-1!' >&2; exit 1");
  hub().turn_on();
  EXPECT_EQ(said(), "on-failed ");
  EXPECT_EQ(trouble_.what, "uhubctl knows no hub at 1-1 whose power can be switched");
}

TEST_F(HubPowerTest, ACallThatHangsIsEndedAndTriedAgain) {
  behave("[ -e \"$here/hung\" ] || { touch \"$here/hung\"; exec sleep 1000; }; rm -f \"$here/gateway\"");
  settings_.call_limit = 300ms;
  hub().turn_off();
  EXPECT_EQ(said(), "off ");
}

TEST_F(HubPowerTest, NoCallOutlivesTheTimeForAllOfThem) {
  expect_to_fail();
  behave("exec sleep 1000");
  settings_.call_limit = 1000s;
  hub().turn_off();
  EXPECT_EQ(said(), "off-failed ");
}

TEST_F(HubPowerTest, AnEffectIsSeenWhileARepeatedCallHangs) {
  behave("[ -e \"$here/first\" ] && { rm -f \"$here/gateway\"; exec sleep 1000; }; touch \"$here/first\"");
  settings_.call_limit = 1000s;
  settings_.effect_limit = 1000s;
  hub().turn_off();
  EXPECT_EQ(said(), "off ");
}

TEST_F(HubPowerTest, AfterACallThatMayStillTurnItOnOffIsSaidTwice) {
  behave("[ \"$4\" = on ] && exec sleep 1000; rm -f \"$here/gateway\"");
  hub().turn_on();
  hub().turn_off();
  EXPECT_EQ(said(), "off ");
  const std::string off = "--location 1-1 --action off --nodesc --ports 2\n";
  EXPECT_TRUE(calls().ends_with(off + off)) << calls();
}

TEST_F(HubPowerTest, TheLatestWishCounts) {
  behave("case \"$*\" in *on*--nodesc*) [ \"$4\" = on ] && exec sleep 1000;; esac; rm -f \"$here/gateway\"");
  hub().turn_on();
  hub().turn_off();
  EXPECT_EQ(said(), "off ");
}

TEST_F(HubPowerTest, WhereTheGatewayWasSeenIsRememberedForTheNextStart) {
  settings_.where.reset();
  hub().found("1-1.4:1.0");
  hub_.reset();
  hub().turn_off();
  EXPECT_EQ(said(), "off ");
  EXPECT_EQ(calls(), "--location 1-1 --action off --nodesc --ports 4\n");
  EXPECT_EQ(hub().usb_path(), "1-1.4:1.0");
}

TEST_F(HubPowerTest, WhatIsRememberedIsNotWrittenAgain) {
  hub().found("1-1.4:1.0");
  fs::permissions(folder_ / "memory", fs::perms::owner_read);  // a new file would be 0600
  hub_.reset();
  hub().found("1-1.4:1.0");
  EXPECT_EQ(fs::status(folder_ / "memory").permissions(), fs::perms::owner_read);
}

TEST_F(HubPowerTest, AConfiguredHubIsNotReplacedByTheOneFound) {
  hub().found("2-3:1.0");
  EXPECT_EQ(hub().where(), (HubPort{.hub = "1-1", .port = 2}));
}

TEST_F(HubPowerTest, AMemoryOfNonsenseIsNone) {
  put("memory", "\x1b[2J../../etc");
  settings_.where.reset();
  EXPECT_FALSE(hub().where());
}

TEST_F(HubPowerTest, NobodyKnowsWhereIsAFaultOnlyWhenItIsToBeOff) {
  settings_.where.reset();
  hub().turn_off();
  EXPECT_EQ(said(), "off-failed ");
  said_.clear();
  hub().turn_on();
  EXPECT_EQ(said(), "on ") << "a port that was never switched has power";
  EXPECT_EQ(calls(), "");
}

TEST_F(HubPowerTest, NobodyKnowsWhereButTheGatewayIsNotThereIsOff) {
  settings_.where.reset();
  fs::remove(folder_ / "gateway");
  hub().turn_off();
  EXPECT_EQ(said(), "off ");
}

TEST_F(HubPowerTest, WithoutAHubOffIsAsGoodAsOn) {
  settings_.switchable = false;
  hub().turn_off();
  EXPECT_EQ(said(), "off ");
  EXPECT_EQ(calls(), "");
}

TEST_F(HubPowerTest, AnotherWishIsFreeToBeMadeFromAHandler) {
  hub().turn_off();
  EXPECT_EQ(said(), "off ");
  behave("exit 0");
  said_.clear();
  hub().turn_on();
  EXPECT_EQ(said(), "on ");
}

}  // namespace
}  // namespace pizwg
