#include "pizwgd/operator_orders.h"

#include <cstdlib>
#include <gtest/gtest.h>

#include <asio/local/stream_protocol.hpp>
#include <asio/read.hpp>
#include <asio/write.hpp>

#include "adapters/event_loop_test.h"

namespace pizwg {
namespace {

using namespace std::chrono_literals;

class OperatorOrdersTest : public EventLoopTest {
 protected:
  OperatorOrdersTest() {
    char name[] = "/tmp/pizwg-orders-XXXXXX";
    folder_ = ::mkdtemp(name);
    orders_.emplace(io_, folder_ / "control",
                    OperatorOrders::Handlers{.happened = [this](Event event) { obey(event); },
                                             .set_maintenance = [this](bool on) { maintenance_ = on; },
                                             .fit_hosts = [this] { return fit_hosts_; },
                                             .answer =
                                                 [](const std::string& line) {
                                                   return line == "status"
                                                              ? std::optional<std::string>("{}\n")
                                                              : std::nullopt;
                                                 }});
    EXPECT_TRUE(orders_->listen());
  }
  ~OperatorOrdersTest() override {
    orders_.reset();
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
  }

  void be(State state, bool proven = true, Fault fault = Fault::none) {
    Lifecycle lifecycle;
    lifecycle.state = state;
    lifecycle.proven = proven;
    lifecycle.fault = fault;
    lifecycle.maintenance = state == State::maintenance;
    orders_->state_changed(lifecycle);
  }

  // The first state that an order leads to is entered while it is given, as the Supervisor does it.
  void obey(Event event) {
    events_.push_back(event);
    if (event == Event::handover_ordered) be(State::releasing);
    if (event == Event::proof_ordered) be(State::proving, false);
    if (event == Event::maintenance_began) be(State::maintenance);
  }

  void order(std::string line) {
    line_ = std::move(line) + "\n";
    answer_.clear();
    asker_.emplace(io_);
    asker_->connect((folder_ / "control").string());
    asio::write(*asker_, asio::buffer(line_));
    asio::async_read(*asker_, asio::dynamic_buffer(answer_),
                     [this](const asio::error_code&, std::size_t) { answered_ = true; });
    answered_ = false;
  }
  std::string answer() {
    comes_true([this] { return answered_; });
    return answer_;
  }
  bool ordered(Event event) {
    return comes_true([&] { return !events_.empty() && events_.back() == event; });
  }

  std::filesystem::path folder_;
  std::optional<OperatorOrders> orders_;
  std::optional<asio::local::stream_protocol::socket> asker_;
  std::optional<asio::local::stream_protocol::socket> first_asker_;
  std::string line_;
  std::string answer_;
  bool answered_ = false;
  std::vector<Event> events_;
  std::optional<bool> maintenance_;
  std::vector<std::string> fit_hosts_;
};

TEST_F(OperatorOrdersTest, AHandoverSaysWhoIsMasterNow) {
  fit_hosts_ = {"pi-2"};
  be(State::serving);
  order("handover");
  ASSERT_TRUE(ordered(Event::handover_ordered));
  be(State::yielding);
  be(State::standby);
  orders_->master_found("pi-2");
  EXPECT_TRUE(answer().starts_with("done\nhanded over in ")) << answer();
  EXPECT_TRUE(answer().ends_with(": pi-2 is master\n")) << answer();
}

TEST_F(OperatorOrdersTest, AHandoverNeedsSomebodyWhoIsFit) {
  be(State::ready);
  order("handover");
  EXPECT_EQ(answer(),
            "failed\nno other host is fit to take over\npizwg handover --force gives up being master all the "
            "same\n");
  EXPECT_TRUE(events_.empty());
}

TEST_F(OperatorOrdersTest, AForcedHandoverThatNobodyTakesSaysSo) {
  be(State::ready);
  order("handover force");
  ASSERT_TRUE(ordered(Event::handover_ordered));
  for (const State state : {State::yielding, State::standby, State::taking_over, State::energising})
    be(state);
  be(State::ready);
  EXPECT_TRUE(answer().starts_with("failed\nno other host took over: after ")) << answer();
}

TEST_F(OperatorOrdersTest, OnlyTheMasterHandsOver) {
  be(State::standby);
  order("handover force");
  EXPECT_EQ(answer(), "failed\nthis host is not master: standby\ntype it on the master\n");
}

TEST_F(OperatorOrdersTest, BeforeKeepalivedStopsThereIsDarkness) {
  be(State::ready);
  order("handover force dark");
  ASSERT_TRUE(ordered(Event::handover_ordered));
  be(State::yielding);
  be(State::standby);
  EXPECT_EQ(answer(), "done\ndark: standby\n");
  order("handover force dark");
  EXPECT_EQ(answer(), "done\nnot master: standby\n");
}

TEST_F(OperatorOrdersTest, MaintenanceIsRememberedAndItsStateTold) {
  be(State::standby);
  order("maintenance on");
  EXPECT_EQ(answer(), "done\nmaintenance\n");
  EXPECT_EQ(maintenance_, true);
  order("maintenance on");
  EXPECT_EQ(answer(), "done\nthis host is in maintenance already\n");
}

TEST_F(OperatorOrdersTest, AProofSaysWhetherTheGatewayWorks) {
  be(State::faulty, false, Fault::no_gateway);
  order("prove");
  ASSERT_TRUE(ordered(Event::proof_ordered));
  be(State::darkening, false, Fault::no_gateway);
  be(State::faulty, false, Fault::no_gateway);
  EXPECT_TRUE(answer().starts_with("failed\nthe gateway does not work: faulty, no-gateway\n")) << answer();
}

TEST_F(OperatorOrdersTest, AProofBesideAMasterNeedsForce) {
  be(State::faulty, false, Fault::unproven);
  orders_->master_found("pi-1");
  order("prove");
  EXPECT_TRUE(answer().starts_with("failed\npi-1 is master: ")) << answer();
  order("prove force");
  EXPECT_TRUE(ordered(Event::proof_ordered));
}

TEST_F(OperatorOrdersTest, OneOrderAtATime) {
  be(State::ready);
  order("handover force");
  ASSERT_TRUE(ordered(Event::handover_ordered));
  std::swap(asker_, first_asker_);
  order("maintenance on");
  EXPECT_TRUE(comes_true([this] {
    return answer_.starts_with("failed\nanother order is being carried out\n");
  })) << answer_;
}

TEST_F(OperatorOrdersTest, NonsenseIsRefused) {
  order("dance");
  EXPECT_TRUE(answer().starts_with("failed\npizwgd does not know the order \"dance\"\n")) << answer();
}

}  // namespace
}  // namespace pizwg
