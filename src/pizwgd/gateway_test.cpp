#include "pizwgd/gateway.h"

#include <cstdlib>
#include <filesystem>
#include <gtest/gtest.h>

#include "adapters/pseudo_tty.h"

namespace pizwg {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

// The test is the stick: a pty that comes and goes.
class GatewayTest : public testing::Test {
 protected:
  void SetUp() override {
    std::string name = (fs::temp_directory_path() / "pizwg_gateway_test.XXXXXX").native();
    ASSERT_NE(::mkdtemp(name.data()), nullptr);
    folder_ = name;
  }
  void TearDown() override { fs::remove_all(folder_); }

  Gateway::Settings settings() const { return {.device = (folder_ / "stick").native(), .grace = 0s}; }

  void plug() {
    auto made = PseudoTty::create(folder_ / "stick");
    ASSERT_TRUE(made) << made.error().what;
    stick_.emplace(std::move(*made));
  }

  fs::path folder_;
  asio::io_context io_;
  HostRecord record_;
  std::optional<PseudoTty> stick_;
};

TEST_F(GatewayTest, OpensAgainWhatHasLeft) {
  int opened = 0;
  plug();
  Gateway gateway(io_, settings(), {.opened = [&] { ++opened; }, .left = [] {}, .lost = [this] { plug(); }},
                  record_);
  gateway.start();
  ASSERT_EQ(opened, 1);
  stick_.reset();
  while (opened < 2) ASSERT_EQ(io_.run_one_for(5s), 1U);
  EXPECT_EQ(record_.gateway.hang_ups, 1U);
  EXPECT_TRUE(record_.gateway_proven);
}

// It may get power again for another purpose, and who has closed it does not expect it to be opened.
TEST_F(GatewayTest, LooksForNothingAfterItWasClosedForBeingLost) {
  plug();
  bool lost = false;
  Gateway gateway(io_, settings(),
                  {.opened = [] {},
                   .left = [] {},
                   .lost =
                       [&] {
                         lost = true;
                         gateway.close();
                       }},
                  record_);
  gateway.start();
  stick_.reset();
  while (!lost) ASSERT_EQ(io_.run_one_for(5s), 1U);
  plug();
  io_.run_for(5s);  // nothing is left to wait for
  EXPECT_TRUE(io_.stopped());
  EXPECT_EQ(gateway.borrow(), nullptr);
}

}  // namespace
}  // namespace pizwg
