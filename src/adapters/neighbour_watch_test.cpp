#include "adapters/neighbour_watch.h"

#include <cstdlib>
#include <fcntl.h>
#include <sched.h>
#include <string>

#include "adapters/event_loop_test.h"
#include "base/unique_fd.h"

namespace pizwg {
namespace {

constexpr const char* first_machine = "02:00:00:00:00:01";
constexpr const char* second_machine = "02:00:00:00:00:02";
const Ipv4 vip = *Ipv4::parse("192.0.2.254");
const Ipv4 another = *Ipv4::parse("192.0.2.7");

// In a network of its own, with one interface that has carrier.
class NeighbourWatchTest : public EventLoopTest {
 protected:
  void SetUp() override {
    outer_ = UniqueFd(::open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC));
    ASSERT_TRUE(outer_);
    if (::unshare(CLONE_NEWNET) != 0) GTEST_SKIP() << "needs root, to have a network of its own";
    inside_ = true;
    ip("link add here type veth peer name there");
    ip("address add 192.0.2.1/24 dev here");
    ip("link set here up");
    ip("link set there up");
  }
  void TearDown() override {
    if (!inside_) return;
    EXPECT_EQ(::setns(outer_.get(), CLONE_NEWNET), 0);
  }

  static void ip(const std::string& order) { ASSERT_EQ(std::system(("ip " + order).c_str()), 0) << order; }
  // As a gratuitous ARP does it.
  static void belongs_to(Ipv4 address, const char* machine) {
    ip("neighbour replace " + address.text() + " lladdr " + machine + " dev here");
  }

  UniqueFd outer_;
  bool inside_ = false;
  int moves_ = 0;
  NeighbourWatch watch_{io_, [this] { ++moves_; }};
};

TEST_F(NeighbourWatchTest, TellsThatTheAddressBelongsToAnotherMachine) {
  belongs_to(vip, first_machine);
  ASSERT_TRUE(watch_.watch(vip));
  belongs_to(vip, second_machine);
  EXPECT_TRUE(comes_true([this] { return moves_ == 1; }));
  belongs_to(vip, first_machine);
  EXPECT_TRUE(comes_true([this] { return moves_ == 2; }));
}

// What is not to be told would be told before what is.
TEST_F(NeighbourWatchTest, ThatItLearnsWhoseAnAddressIsMeansNoMove) {
  ASSERT_TRUE(watch_.watch(vip));
  belongs_to(vip, first_machine);
  io_.poll();
  belongs_to(vip, first_machine);
  io_.poll();
  belongs_to(vip, second_machine);
  EXPECT_TRUE(comes_true([this] { return moves_ > 0; }));
  EXPECT_EQ(moves_, 1);
}

TEST_F(NeighbourWatchTest, OfOtherAddressesItHearsNothing) {
  belongs_to(vip, first_machine);
  belongs_to(another, first_machine);
  ASSERT_TRUE(watch_.watch(vip));
  belongs_to(another, second_machine);
  EXPECT_EQ(io_.poll(), 0U) << "it was woken for another's address";
  belongs_to(vip, second_machine);
  EXPECT_TRUE(comes_true([this] { return moves_ == 1; }));
}

TEST_F(NeighbourWatchTest, WatchesOneAddressTheLast) {
  belongs_to(vip, first_machine);
  belongs_to(another, first_machine);
  ASSERT_TRUE(watch_.watch(vip));
  ASSERT_TRUE(watch_.watch(another));
  belongs_to(vip, second_machine);
  io_.poll();
  EXPECT_EQ(moves_, 0);
  belongs_to(another, second_machine);
  EXPECT_TRUE(comes_true([this] { return moves_ == 1; }));
}

// A host that goes away, and comes back as the machine that it was.
TEST_F(NeighbourWatchTest, AnAddressThatNobodyHasForAWhileHasNotMoved) {
  belongs_to(vip, first_machine);
  ASSERT_TRUE(watch_.watch(vip));
  ip("neighbour delete " + vip.text() + " dev here");
  belongs_to(vip, first_machine);
  io_.poll();
  EXPECT_EQ(moves_, 0);
  belongs_to(vip, second_machine);
  EXPECT_TRUE(comes_true([this] { return moves_ == 1; }));
}

}  // namespace
}  // namespace pizwg
