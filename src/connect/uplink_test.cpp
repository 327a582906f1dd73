#include "connect/uplink.h"

#include <array>
#include <csignal>

#include "adapters/event_loop_test.h"
#include "adapters/identity_examples.h"
#include "adapters/tls_listener.h"

namespace pizwg {
namespace {

using examples::der_of;
using examples::identity_of;

// A server on loopback that keeps the connections of clients that it knows, and an uplink to it, read as the
// relay would.
class UplinkTest : public EventLoopTest {
 protected:
  static void SetUpTestSuite() {
    std::signal(SIGPIPE, SIG_IGN);  // as the program does
    server = identity_of("pizwg-server", CertificateUse::server);
    other_server = identity_of("pizwg-server", CertificateUse::server);
    client = identity_of("pizwg-client", CertificateUse::client);
  }
  ~UplinkTest() override {
    if (uplink_) uplink_->stop();
  }

  static TlsContext server_context(bool knows_us) {
    PeerPolicy policy;
    if (knows_us) policy.allowed = {{"pizwg-client", der_of(client)}};
    return TlsContext::make(server.key, server.certificate, policy).value();
  }
  static TlsContext client_context(const NewIdentity& expected) {
    return TlsContext::make(client.key, client.certificate,
                            {.allowed = {}, .revoked = {}, .hosts = {der_of(expected)}})
        .value();
  }

  void listen(bool knows_us = true) {
    context_ = server_context(knows_us);
    auto opened = TlsListener::open(
        io_, "127.0.0.1", port_,
        {.context = [this]() -> const TlsContext& { return *context_; },
         .authenticated =
             [this](std::unique_ptr<TlsConnection> connection) {
               if (busy_) return listener_->turn_away(std::move(connection));
               served_.push_back(std::move(connection));
             },
         .refused = [this](const TlsConnection&, Refusal, const std::string&) { ++refused_; }});
    ASSERT_TRUE(opened) << opened.error().what;
    listener_ = *std::move(opened);
    port_ = listener_->port();
  }
  HostAddress here() const { return {"127.0.0.1", port_}; }

  void start(std::vector<HostAddress> hosts, const NewIdentity& expected = server) {
    uplink_.emplace(io_, std::move(hosts), client_context(expected),
                    Uplink::Handlers{.connected =
                                         [this](TlsConnection& connection) {
                                           connection_ = &connection;
                                           read();
                                         },
                                     .disconnected = [this] { connection_ = nullptr; },
                                     .changed = [] {},
                                     .hopeless = [this](const Error& error) { hopeless_ = error; }});
    uplink_->start();
  }
  void read() {
    if (connection_ == nullptr) return;
    std::array<std::uint8_t, 64> ignored{};
    const IoOutcome got = connection_->read(ignored);
    if (got.status == IoStatus::closed || got.status == IoStatus::failed) return uplink_->broke(got);
    connection_->when_readable([this] { read(); });
  }
  bool connects() {
    return comes_true([this] { return uplink_->state().connected; });
  }
  bool says(std::string_view what) {
    return comes_true([&] { return uplink_->state().trouble.find(what) != std::string::npos; });
  }

  static inline NewIdentity server, other_server, client;
  std::uint16_t port_ = 0;
  bool busy_ = false;
  int refused_ = 0;
  std::optional<TlsContext> context_;
  std::unique_ptr<TlsListener> listener_;
  std::vector<std::unique_ptr<TlsConnection>> served_;
  TlsConnection* connection_ = nullptr;
  std::optional<Error> hopeless_;
  std::optional<Uplink> uplink_;
};

TEST_F(UplinkTest, TellsOfItsSession) {
  listen();
  start({here()});
  ASSERT_TRUE(connects());
  const auto state = uplink_->state();
  EXPECT_EQ(state.server, here().text());
  EXPECT_EQ(state.trouble, "");
  EXPECT_EQ(state.sessions, 1U);
}

TEST_F(UplinkTest, MakesTheSessionAnew) {
  listen();
  start({here()});
  ASSERT_TRUE(connects());
  served_.back()->close();
  ASSERT_TRUE(comes_true([this] { return connection_ == nullptr; }));
  EXPECT_EQ(uplink_->state().trouble, "the server ended the session");
  ASSERT_TRUE(connects());
  EXPECT_EQ(uplink_->state().sessions, 2U);
  EXPECT_EQ(served_.size(), 2U) << "one connection a session";
  EXPECT_GT(uplink_->state().outage.count(), 0);
}

TEST_F(UplinkTest, TriesSeveralHostsInTurn) {
  listen();
  const auto nobody = here();
  listener_.reset();
  port_ = 0;
  listen();
  start({nobody, here()});
  ASSERT_TRUE(connects());
  EXPECT_EQ(uplink_->state().server, here().text());
}

TEST_F(UplinkTest, WaitsForAHostThatDoesNotListenYet) {
  listen();
  listener_.reset();
  start({here()});
  ASSERT_TRUE(says("nothing listens"));
  listen();
  EXPECT_TRUE(connects());
  EXPECT_FALSE(hopeless_);
}

TEST_F(UplinkTest, GivesUpAtTheStartWhenTheServerIsAnother) {
  listen();
  start({here()}, other_server);
  ASSERT_TRUE(comes_true([this] { return hopeless_.has_value(); }));
  EXPECT_NE(hopeless_->what.find("not the one we were given"), std::string::npos);
  EXPECT_NE(hopeless_->hint, "");
}

TEST_F(UplinkTest, GivesUpAtTheStartWhenTheServerDoesNotKnowUs) {
  listen(false);
  start({here()});
  ASSERT_TRUE(comes_true([this] { return hopeless_.has_value(); }));
  EXPECT_NE(hopeless_->what.find("does not let us in"), std::string::npos);
}

TEST_F(UplinkTest, AfterASessionItNeverGivesUp) {
  listen();
  start({here()});
  ASSERT_TRUE(connects());
  context_ = server_context(false);
  served_.back()->close();
  ASSERT_TRUE(comes_true([this] { return refused_ >= 2; })) << "it asks again";
  EXPECT_FALSE(hopeless_);
  context_ = server_context(true);
  EXPECT_TRUE(connects());
}

TEST_F(UplinkTest, GivesUpOnlyWhenEachHostNeedsSomebody) {
  listen(false);
  start({here(), {"127.0.0.1", 1}});
  ASSERT_TRUE(comes_true([this] { return refused_ >= 2; }));
  EXPECT_FALSE(hopeless_);
}

TEST_F(UplinkTest, WaitsWhileAnotherClientHasTheSession) {
  listen();
  busy_ = true;
  start({here()});
  ASSERT_TRUE(says("turned us away"));
  EXPECT_EQ(uplink_->state().sessions, 0U) << "an attempt that is turned away is no session";
  busy_ = false;
  EXPECT_TRUE(connects());
  EXPECT_FALSE(hopeless_);
}

TEST_F(UplinkTest, ANewIdentityEndsASessionWithAServerThatItDoesNotKnow) {
  listen();
  start({here()});
  ASSERT_TRUE(connects());
  uplink_->use(client_context(server));
  EXPECT_TRUE(uplink_->state().connected) << "the same server";
  uplink_->use(client_context(other_server));
  EXPECT_FALSE(uplink_->state().connected);
  EXPECT_TRUE(says("not the one we were given"));
  uplink_->use(client_context(server));
  EXPECT_TRUE(connects());
}

}  // namespace
}  // namespace pizwg
