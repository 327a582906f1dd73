#include "adapters/tls_connection.h"

#include <array>
#include <gtest/gtest.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <optional>
#include <string>

#include <asio/io_context.hpp>

#include "adapters/identity_examples.h"

namespace pizwg {
namespace {

using asio::ip::tcp;
using examples::der_of;
using examples::identity_of;
using namespace std::chrono_literals;

// The client's end: OpenSSL on a blocking socket would wait for the server's, which is in the same thread. So
// both are non-blocking, and the test drives them in turn.
class Client {
 public:
  Client(tcp::socket socket, const NewIdentity* identity) : socket_(std::move(socket)) {
    socket_.non_blocking(true);
    context_.reset(SSL_CTX_new(TLS_client_method()));
    if (identity != nullptr) use(*identity);
    ssl_.reset(SSL_new(context_.get()));
    SSL_set_fd(ssl_.get(), socket_.native_handle());
    SSL_set_connect_state(ssl_.get());
  }

  int shake_hands() { return SSL_do_handshake(ssl_.get()); }
  int write(std::string_view text) {
    return SSL_write(ssl_.get(), text.data(), static_cast<int>(text.size()));
  }
  // What came, "" for nothing yet, and "closed" or OpenSSL's reason for the end.
  std::string read() {
    std::array<char, 256> buffer;
    ERR_clear_error();
    const int got = SSL_read(ssl_.get(), buffer.data(), buffer.size());
    if (got > 0) return {buffer.data(), static_cast<std::size_t>(got)};
    const int error = SSL_get_error(ssl_.get(), got);
    if (error == SSL_ERROR_WANT_READ || error == SSL_ERROR_WANT_WRITE) return "";
    if (error == SSL_ERROR_ZERO_RETURN) return "closed";
    const std::string why = take_openssl_errors();
    return why.empty() ? "reset" : why;
  }
  void goodbye() { SSL_shutdown(ssl_.get()); }
  tcp::socket& socket() { return socket_; }

 private:
  void use(const NewIdentity& identity) {
    const KeyPtr key(PEM_read_bio_PrivateKey(reader_of(identity.key).get(), nullptr, nullptr, nullptr));
    const X509Ptr certificate(
        PEM_read_bio_X509(reader_of(identity.certificate).get(), nullptr, nullptr, nullptr));
    ASSERT_EQ(SSL_CTX_use_certificate(context_.get(), certificate.get()), 1);
    ASSERT_EQ(SSL_CTX_use_PrivateKey(context_.get(), key.get()), 1);
  }

  tcp::socket socket_;
  SslContextPtr context_;
  SslPtr ssl_;
};

class TlsConnectionTest : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    server_identity = identity_of("pizwg-server", CertificateUse::server);
    client_identity = identity_of("pizwg-client", CertificateUse::client);
  }

  void connect(const NewIdentity* identity, PeerPolicy policy) {
    auto made = TlsContext::make(server_identity.key, server_identity.certificate, std::move(policy));
    ASSERT_TRUE(made) << made.error().what;
    context.emplace(std::move(*made));
    tcp::acceptor acceptor(io, {asio::ip::address_v4::loopback(), 0});
    tcp::socket near(io);
    near.connect(acceptor.local_endpoint());
    connection = std::make_unique<TlsConnection>(acceptor.accept());
    client = std::make_unique<Client>(std::move(near), identity);
  }
  // Both ends in turn until the server's is done with it, for ten seconds at most.
  IoOutcome shake_hands() {
    const auto deadline = std::chrono::steady_clock::now() + 10s;
    IoOutcome outcome{.status = IoStatus::want_read};
    while (std::chrono::steady_clock::now() < deadline &&
           (outcome.status == IoStatus::want_read || outcome.status == IoStatus::want_write)) {
      client->shake_hands();
      outcome = connection->handshake(*context);
    }
    return outcome;
  }
  static PeerPolicy allowing(const NewIdentity& identity) {
    return {.allowed = {{.client = "pizwg-client", .der = der_of(identity)}}, .revoked = {}};
  }
  void connect_and_shake_hands() {
    connect(&client_identity, allowing(client_identity));
    ASSERT_EQ(shake_hands().status, IoStatus::done);
  }
  // Waits until the server's end has something to read, or its end.
  std::string heard(IoOutcome& outcome) {
    std::array<std::uint8_t, 256> buffer;
    const auto deadline = std::chrono::steady_clock::now() + 10s;
    do {
      outcome = connection->read(buffer);
    } while (outcome.status == IoStatus::want_read && std::chrono::steady_clock::now() < deadline);
    return {buffer.begin(), buffer.begin() + static_cast<std::ptrdiff_t>(outcome.bytes)};
  }
  std::string client_heard() {
    const auto deadline = std::chrono::steady_clock::now() + 10s;
    std::string text;
    while (text.empty() && std::chrono::steady_clock::now() < deadline) text = client->read();
    return text;
  }
  static Bytes bytes(std::string_view text) {
    return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
  }

  static inline NewIdentity server_identity;
  static inline NewIdentity client_identity;
  asio::io_context io;
  std::optional<TlsContext> context;
  std::unique_ptr<TlsConnection> connection;
  std::unique_ptr<Client> client;
};

TEST_F(TlsConnectionTest, APinnedClientIsItsFoldersName) {
  connect_and_shake_hands();
  EXPECT_EQ(connection->verdict().peer.client, "pizwg-client");
  EXPECT_EQ(connection->verdict().common_name, "pizwg-client");
  EXPECT_TRUE(connection->peer_address().starts_with("127.0.0.1:"));
}

TEST_F(TlsConnectionTest, AnotherKeyUnderTheSameNameIsRefusedWithAnAlert) {
  const NewIdentity other = identity_of("pizwg-client", CertificateUse::client);
  connect(&other, allowing(client_identity));
  EXPECT_EQ(shake_hands().status, IoStatus::failed);
  EXPECT_TRUE(connection->verdict().judged);
  EXPECT_EQ(connection->verdict().refusal, Refusal::certificate_unknown);
  EXPECT_EQ(connection->verdict().peer.client, "");
  EXPECT_NE(client_heard().find("bad certificate"), std::string::npos);
}

TEST_F(TlsConnectionTest, ARevokedClientIsRefusedThoughItIsAlsoAllowed) {
  PeerPolicy policy = allowing(client_identity);
  policy.revoked = policy.allowed;
  connect(&client_identity, policy);
  EXPECT_EQ(shake_hands().status, IoStatus::failed);
  EXPECT_EQ(connection->verdict().refusal, Refusal::certificate_revoked);
  EXPECT_NE(client_heard().find("certificate revoked"), std::string::npos);
}

TEST_F(TlsConnectionTest, AClientWithoutACertificateIsNotEvenJudged) {
  connect(nullptr, allowing(client_identity));
  const IoOutcome outcome = shake_hands();
  EXPECT_EQ(outcome.status, IoStatus::failed);
  EXPECT_FALSE(connection->verdict().judged);
  EXPECT_EQ(outcome.detail, "peer did not return a certificate");
}

TEST_F(TlsConnectionTest, BytesPassBothWays) {
  connect_and_shake_hands();
  ASSERT_EQ(connection->write(bytes("to the client")).status, IoStatus::done);
  EXPECT_EQ(client_heard(), "to the client");
  client->write("to the server");
  IoOutcome outcome;
  EXPECT_EQ(heard(outcome), "to the server");
}

TEST_F(TlsConnectionTest, ALongRecordIsReadPieceByPieceWhichTheSocketDoesNotTell) {
  connect_and_shake_hands();
  client->write(std::string(1000, 'x'));
  IoOutcome outcome;
  EXPECT_EQ(heard(outcome).size(), 256u);
  EXPECT_TRUE(connection->has_pending());
  std::size_t total = 256;
  while (connection->has_pending() && total < 1000) total += heard(outcome).size();
  EXPECT_EQ(total, 1000u);
  EXPECT_FALSE(connection->has_pending());
}

TEST_F(TlsConnectionTest, NothingToReadAsksToWait) {
  connect_and_shake_hands();
  std::array<std::uint8_t, 16> buffer;
  EXPECT_EQ(connection->read(buffer).status, IoStatus::want_read);
}

TEST_F(TlsConnectionTest, AGoodbyeAndABareEndOfFileAreBothTheEnd) {
  connect_and_shake_hands();
  client->goodbye();
  IoOutcome outcome;
  heard(outcome);
  EXPECT_EQ(outcome.status, IoStatus::closed);
  connect_and_shake_hands();
  client->socket().close();
  heard(outcome);
  EXPECT_EQ(outcome.status, IoStatus::closed);
}

TEST_F(TlsConnectionTest, AResetIsAFailureWithItsReason) {
  connect_and_shake_hands();
  client->socket().set_option(asio::socket_base::linger(true, 0));
  client->socket().close();
  IoOutcome outcome;
  heard(outcome);
  EXPECT_EQ(outcome.status, IoStatus::failed);
  EXPECT_EQ(outcome.error_number, ECONNRESET);
}

TEST_F(TlsConnectionTest, ClosingSaysGoodbyeAndAbortingDoesNot) {
  connect_and_shake_hands();
  connection->close();
  EXPECT_EQ(client_heard(), "closed");
  connect_and_shake_hands();
  connection->abort();
  EXPECT_EQ(client_heard(), "reset");
}

TEST_F(TlsConnectionTest, AFullSocketAsksToWaitAndTheSameBytesGoOnLater) {
  connect_and_shake_hands();
  const std::string piece(4096, 'x');
  std::size_t written = 0;
  IoOutcome outcome;
  while (outcome.status == IoStatus::done) {
    outcome = connection->write(bytes(piece));
    written += outcome.bytes;
  }
  ASSERT_EQ(outcome.status, IoStatus::want_write);
  EXPECT_GT(written, piece.size());
  std::size_t read = 0;
  const auto deadline = std::chrono::steady_clock::now() + 10s;
  while (read < written + piece.size() && std::chrono::steady_clock::now() < deadline) {
    read += client->read().size();
    if (outcome.status == IoStatus::want_write) outcome = connection->write(bytes(piece));
  }
  EXPECT_EQ(read, written + piece.size());
}

TEST_F(TlsConnectionTest, ALaterPolicyIsAskedAboutAPeerThatIsConnected) {
  connect_and_shake_hands();
  EXPECT_TRUE(connection->allowed_by(allowing(client_identity)));
  EXPECT_FALSE(connection->allowed_by({}));
}

TEST_F(TlsConnectionTest, DestroyingItEndsItsWaits) {
  connect_and_shake_hands();
  bool called = false;
  connection->when_readable([&] { called = true; });
  client->write("x");
  connection.reset();
  io.run_for(10s);  // returns at once: nothing is waited for
  EXPECT_FALSE(called);
}

TEST(TlsContextTest, AKeyOfAnotherCertificateIsAnError) {
  const NewIdentity one = identity_of("one", CertificateUse::server);
  const NewIdentity other = identity_of("other", CertificateUse::server);
  EXPECT_FALSE(TlsContext::make(one.key, other.certificate, {}));
  EXPECT_FALSE(TlsContext::make("no key", one.certificate, {}));
  EXPECT_FALSE(TlsContext::make(one.key, "no certificate", {}));
  EXPECT_FALSE(TlsContext::make("", "", {}));
  EXPECT_TRUE(TlsContext::make(one.key, one.certificate, {}));
  EXPECT_EQ(take_openssl_errors(), "") << "errors must not stay in the queue";
}

TEST(TlsContextTest, IsTheSameWhenCertificateAndPolicyAre) {
  const NewIdentity one = identity_of("one", CertificateUse::server);
  const NewIdentity other = identity_of("one", CertificateUse::server);
  const PeerPolicy policy{.allowed = {{.client = "a", .der = {1}}}, .revoked = {}};
  const auto make = [](const NewIdentity& identity, const PeerPolicy& peers) {
    return *TlsContext::make(identity.key, identity.certificate, peers);
  };
  EXPECT_TRUE(make(one, policy).same_as(make(one, policy)));
  EXPECT_FALSE(make(one, policy).same_as(make(other, policy)));
  EXPECT_FALSE(make(one, policy).same_as(make(one, {})));
}

}  // namespace
}  // namespace pizwg
