#include "adapters/tls_client.h"

#include <array>
#include <gtest/gtest.h>
#include <netdb.h>
#include <optional>

#include "adapters/identity.h"
#include "adapters/new_identity.h"

namespace pizwg {
namespace {

using asio::ip::tcp;
using namespace std::chrono_literals;
using Why = ConnectFailure::Why;

constexpr TlsClient::Limits limits{.resolve = 5s, .connect = 5s, .handshake = 5s};

NewIdentity identity_of(const std::string& name, CertificateUse use) {
  return make_identity({.common_name = name,
                        .use = use,
                        .not_before = std::chrono::sys_days{2020y / 1 / 1},
                        .not_after = std::chrono::sys_days{2038y / 1 / 17}})
      .value_or(NewIdentity{});
}

std::vector<std::uint8_t> der_of(const NewIdentity& identity) {
  return parse_certificate(identity.certificate, "a test").value_or(Certificate{}).der;
}

class TlsClientTest : public testing::Test {
 protected:
  // A server that accepts one connection, and how its handshake went.
  void serve(PeerPolicy policy) {
    server_context_ = TlsContext::make(server_.key, server_.certificate, std::move(policy)).value();
    acceptor_.async_accept([this](const asio::error_code& error, tcp::socket socket) {
      if (error) return;
      server_end_ = std::make_unique<TlsConnection>(std::move(socket));
      shake_hands();
    });
  }

  void shake_hands() {
    const auto outcome = server_end_->handshake(*server_context_);
    if (outcome.status == IoStatus::want_read) return server_end_->when_readable([this] { shake_hands(); });
    if (outcome.status == IoStatus::want_write) return server_end_->when_writable([this] { shake_hands(); });
    if (outcome.status == IoStatus::failed) server_end_->finish_sending();
  }

  PeerPolicy allow_us() { return {.allowed = {{"us", der_of(us_)}}, .revoked = {}, .hosts = {}}; }
  PeerPolicy revoke_us() { return {.allowed = {}, .revoked = {{"us", der_of(us_)}}, .hosts = {}}; }

  TlsContext our_context(const NewIdentity& expected_server) {
    return TlsContext::make(us_.key, us_.certificate,
                            {.allowed = {}, .revoked = {}, .hosts = {der_of(expected_server)}})
        .value();
  }

  void connect(const TlsContext& context, HostAddress where, TlsClient::Limits within = limits) {
    client_.connect(std::move(where), context, within, [this](TlsClient::Outcome outcome) {
      if (outcome) {
        connection_ = std::move(*outcome);
      } else {
        failure_ = std::move(outcome.error());
      }
      ++outcomes_;
    });
    run_until([this] { return outcomes_ > 0; });
  }

  void run_until(const std::function<bool()>& condition) {
    const auto deadline = std::chrono::steady_clock::now() + 20s;
    while (!condition()) {
      ASSERT_LT(std::chrono::steady_clock::now(), deadline);
      io_.restart();
      io_.run_one_for(100ms);
    }
  }

  HostAddress here() { return {"127.0.0.1", acceptor_.local_endpoint().port()}; }

  asio::io_context io_;
  NewIdentity server_ = identity_of("pizwg-server", CertificateUse::server);
  NewIdentity us_ = identity_of("pizwg-client", CertificateUse::client);
  tcp::acceptor acceptor_{io_, tcp::endpoint(asio::ip::address_v4::loopback(), 0)};
  std::optional<TlsContext> server_context_;
  std::unique_ptr<TlsConnection> server_end_;
  TlsClient client_{io_};
  std::unique_ptr<TlsConnection> connection_;
  std::optional<ConnectFailure> failure_;
  int outcomes_ = 0;
};

TEST_F(TlsClientTest, ReachesItsServerByAddress) {
  const auto context = our_context(server_);
  serve(allow_us());
  connect(context, here());
  EXPECT_TRUE(connection_);
}

TEST_F(TlsClientTest, ReachesItsServerByName) {
  if (::gethostbyname("localhost") == nullptr) GTEST_SKIP() << "no localhost in this machine's /etc/hosts";
  const auto context = our_context(server_);
  serve(allow_us());
  connect(context, {"localhost", here().port});
  EXPECT_TRUE(connection_) << failure_->error.what;
}

TEST_F(TlsClientTest, RefusesAnotherServer) {
  const auto context = our_context(identity_of("pizwg-server", CertificateUse::server));
  serve(allow_us());
  connect(context, here());
  ASSERT_TRUE(failure_);
  EXPECT_EQ(failure_->why, Why::wrong_server);
  EXPECT_NE(failure_->error.hint.find("ser2net.crt"), std::string::npos);
}

TEST_F(TlsClientTest, HearsThatItIsNotLetIn) {
  const auto context = our_context(server_);
  serve(revoke_us());
  connect(context, here());
  ASSERT_TRUE(connection_);
  std::array<std::uint8_t, 64> buffer{};
  IoOutcome outcome{.status = IoStatus::want_read};
  run_until([&] {
    outcome = connection_->read(buffer);
    return outcome.status != IoStatus::want_read;
  });
  const auto refusal = refusal_in(outcome, here());
  ASSERT_TRUE(refusal) << outcome.detail;
  EXPECT_EQ(refusal->why, Why::not_let_in);
  EXPECT_NE(refusal->error.what.find("revoked"), std::string::npos);
}

TEST_F(TlsClientTest, TellsAHostThatRefusesFromOneThatDoesNotExist) {
  const auto context = our_context(server_);
  const auto where = here();
  acceptor_.close();
  connect(context, where);
  ASSERT_TRUE(failure_);
  EXPECT_EQ(failure_->why, Why::refused);
  outcomes_ = 0;
  connect(context, {"name.invalid", 1});
  EXPECT_EQ(failure_->why, Why::unknown_name);
}

TEST_F(TlsClientTest, DoesNotWaitForAServerThatIsSilent) {
  const auto context = our_context(server_);
  connect(context, here(), {.resolve = 5s, .connect = 5s, .handshake = 20ms});
  ASSERT_TRUE(failure_);
  EXPECT_EQ(failure_->why, Why::no_handshake);
}

TEST_F(TlsClientTest, CallsNobodyBackWhenItIsCancelled) {
  const auto context = our_context(server_);
  serve(allow_us());
  client_.connect(here(), context, limits, [this](TlsClient::Outcome) { ++outcomes_; });
  client_.cancel();
  io_.run_for(100ms);
  EXPECT_EQ(outcomes_, 0);
}

}  // namespace
}  // namespace pizwg
