#include "pizwgd/peers.h"

#include <csignal>
#include <gtest/gtest.h>

#include "adapters/event_loop_test.h"
#include "adapters/identity.h"
#include "adapters/new_identity.h"
#include "adapters/tls_listener.h"

namespace pizwg {
namespace {

using namespace std::chrono_literals;

NewIdentity new_identity(const std::string& name) {
  return *make_identity({.common_name = name,
                         .use = CertificateUse::server,
                         .not_before = std::chrono::sys_days{2020y / 1 / 1},
                         .not_after = std::chrono::sys_days{2038y / 1 / 17}});
}

TlsContext context_of(const NewIdentity& identity) {
  return *TlsContext::make(
      identity.key, identity.certificate,
      {.allowed = {}, .revoked = {}, .hosts = {parse_certificate(identity.certificate, "a test")->der}});
}

HostSummary summary(std::string name, std::string state, bool fit) {
  return {.name = std::move(name), .state = std::move(state), .fit = fit};
}

// A master that listens, and another host that looks for it, both in this process.
class PeersTest : public EventLoopTest {
 protected:
  static void SetUpTestSuite() {
    std::signal(SIGPIPE, SIG_IGN);  // as the daemon does
    shared = new_identity("pizwg-server");
    foreign = new_identity("pizwg-server");
  }

  void listen() {
    listener_ = *TlsListener::open(io_, "127.0.0.1", port_,
                                   {.context = [this]() -> const TlsContext& { return master_identity_; },
                                    .authenticated =
                                        [this](std::unique_ptr<TlsConnection> connection) {
                                          kinds_.push_back(connection->verdict().peer.kind);
                                          master_.accept(std::move(connection));
                                        },
                                    .refused = [this](const TlsConnection&, Refusal why,
                                                      const std::string&) { refusals_.push_back(why); }});
  }

  Peers& other_host(const NewIdentity& identity = shared) {
    other_identity_.emplace(context_of(identity));
    other_.emplace(
        io_, listener_->port(),
        Peers::Handlers{.identity = [this] { return &*other_identity_; }, .changed = [this] { ++changes_; }});
    return *other_;
  }

  static inline NewIdentity shared;
  static inline NewIdentity foreign;
  static constexpr Ipv4 loopback{0x7f000001};

  std::uint16_t port_ = 0;
  TlsContext master_identity_ = context_of(shared);
  std::optional<TlsContext> other_identity_;
  Peers master_{
      io_, 0, {.identity = [this] { return &master_identity_; }, .changed = [this] { ++changes_; }}};
  std::unique_ptr<TlsListener> listener_;
  std::optional<Peers> other_;
  int changes_ = 0;
  std::vector<Peer::Kind> kinds_;
  std::vector<Refusal> refusals_;
};

TEST_F(PeersTest, BothKnowHowTheOtherIs) {
  listen();
  master_.tell(summary("pi-1", "ready", true));
  Peers& other = other_host();
  other.tell(summary("pi-2", "standby", true));
  other.look_for_master_at(loopback);
  ASSERT_TRUE(comes_true([&] { return !master_.fit_hosts().empty() && other.master() != nullptr; }));
  EXPECT_EQ(master_.fit_hosts(), std::vector<std::string>{"pi-2"});
  EXPECT_EQ(*other.master(), summary("pi-1", "ready", true));
  EXPECT_EQ(kinds_, std::vector{Peer::Kind::host});
}

TEST_F(PeersTest, AChangeIsTold) {
  listen();
  Peers& other = other_host();
  other.tell(summary("pi-2", "standby", true));
  other.look_for_master_at(loopback);
  ASSERT_TRUE(comes_true([&] { return master_.fit_hosts().size() == 1; }));
  other.tell(summary("pi-2", "faulty", false));
  EXPECT_TRUE(comes_true([&] { return master_.fit_hosts().empty(); }));
  EXPECT_EQ(master_.hosts().front().state, "faulty");
}

TEST_F(PeersTest, TheMasterIsLookedForUntilItListens) {
  listen();
  port_ = listener_->port();
  Peers& other = other_host();
  other.tell(summary("pi-2", "standby", true));
  listener_.reset();
  other.look_for_master_at(loopback);
  listen();
  EXPECT_TRUE(comes_true([&] { return master_.fit_hosts().size() == 1; }));
}

TEST_F(PeersTest, WhoIsNoLongerThereIsForgotten) {
  listen();
  Peers& other = other_host();
  other.tell(summary("pi-2", "standby", true));
  other.look_for_master_at(loopback);
  ASSERT_TRUE(comes_true([&] { return master_.hosts().size() == 1; }));
  other.look_for_master_at(std::nullopt);
  EXPECT_TRUE(comes_true([&] { return master_.hosts().empty(); }));
  EXPECT_EQ(other.master(), nullptr);
}

TEST_F(PeersTest, AHostOfAnotherClusterIsNobody) {
  listen();
  Peers& other = other_host(foreign);
  other.tell(summary("pi-9", "standby", true));
  other.look_for_master_at(loopback);
  ASSERT_TRUE(comes_true([&] { return !refusals_.empty(); }));
  EXPECT_TRUE(master_.hosts().empty());
  EXPECT_EQ(other.master(), nullptr);
}

}  // namespace
}  // namespace pizwg
