#include "connect/relay.h"

#include <csignal>
#include <deque>

#include <asio/ip/tcp.hpp>
#include <asio/post.hpp>

#include "adapters/event_loop_test.h"
#include "adapters/identity_examples.h"
#include "core/zwave_frame.h"

namespace pizwg {
namespace {

using asio::ip::tcp;
using Data = std::vector<std::uint8_t>;

const Data acknowledgement{zwave::ack_byte};
const Data command = zwave::encode({.function = 0x13, .payload = {2, 3, 0x25, 1, 0xff}});
const Data report = zwave::encode({.function = 0x04, .payload = {0, 2, 3, 0x25, 3, 0}});

Data operator+(Data first, const Data& second) {
  first.insert(first.end(), second.begin(), second.end());
  return first;
}

// An application in memory: says what it is told to, takes as much as it has room for.
class FakeApplication : public Endpoint {
 public:
  explicit FakeApplication(asio::io_context& io) : Endpoint("fake"), io_(io) {}

  void say(const Data& bytes) {
    said_.push_back(bytes);
    wake(readable_);
  }
  void leave() {
    left_ = true;
    wake(readable_);
  }
  void make_room(std::size_t bytes) {
    room_ = bytes;
    wake(writable_);
  }
  const Data& heard() const { return heard_; }
  int hang_ups() const { return hang_ups_; }

  bool has_application() const override { return !left_; }
  IoOutcome read(Buffer buffer) override {
    if (said_.empty()) return {.status = left_ ? IoStatus::closed : IoStatus::want_read};
    const Data bytes = said_.front();
    said_.pop_front();
    std::ranges::copy(bytes, buffer.begin());
    return {.bytes = bytes.size()};
  }
  IoOutcome write(Bytes bytes) override {
    const std::size_t taken = std::min(bytes.size(), room_);
    if (taken == 0) return {.status = IoStatus::want_write};
    heard_.insert(heard_.end(), bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(taken));
    room_ -= taken;
    return {.bytes = taken};
  }
  void when_readable(Handler handler) override {
    readable_ = std::move(handler);
    if (!said_.empty()) wake(readable_);
  }
  void when_writable(Handler handler) override { writable_ = std::move(handler); }
  void hang_up() override { ++hang_ups_; }
  void discard_input() override { said_.clear(); }

 private:
  void wake(Handler& handler) {
    if (handler) asio::post(io_, std::exchange(handler, nullptr));
  }

  asio::io_context& io_;
  std::deque<Data> said_;
  Data heard_;
  std::size_t room_ = 1'000'000;
  bool left_ = false;
  int hang_ups_ = 0;
  Handler readable_, writable_;
};

// A relay between such an application and a session whose other end is ours.
class RelayTest : public EventLoopTest {
 protected:
  static void SetUpTestSuite() {
    std::signal(SIGPIPE, SIG_IGN);  // as the program does
    server = examples::identity_of("pizwg-server", CertificateUse::server);
    client = examples::identity_of("pizwg-client", CertificateUse::client);
  }

  // A session: near is the relay's end of it, far the server's.
  void connect() {
    tcp::acceptor acceptor(io_, {asio::ip::address_v4::loopback(), 0});
    tcp::socket socket(io_);
    socket.connect(acceptor.local_endpoint());
    near_ = std::make_unique<TlsConnection>(std::move(socket), TlsConnection::End::client);
    far_ = std::make_unique<TlsConnection>(acceptor.accept());
    ASSERT_TRUE(comes_true([this] {
      const bool near_done = near_->handshake(client_context_).status == IoStatus::done;
      const bool far_done = far_->handshake(server_context_).status == IoStatus::done;
      return near_done && far_done;
    }));
  }
  void server_says(const Data& bytes) { ASSERT_EQ(far_->write(bytes).bytes, bytes.size()); }
  // What the server has heard so far.
  const Data& server_hears() {
    std::array<std::uint8_t, 4096> buffer;
    const IoOutcome got = far_->read(buffer);
    if (got.status == IoStatus::done)
      server_heard_.insert(server_heard_.end(), buffer.begin(),
                           buffer.begin() + static_cast<std::ptrdiff_t>(got.bytes));
    return server_heard_;
  }
  bool server_gets(const Data& wanted) {
    return comes_true([&] { return server_hears().size() >= wanted.size(); }) && server_heard_ == wanted;
  }
  bool application_gets(const Data& wanted) {
    return comes_true([&] { return application_.heard().size() >= wanted.size(); }) &&
           application_.heard() == wanted;
  }

  static inline NewIdentity server, client;
  TlsContext server_context_ = *TlsContext::make(
      server.key, server.certificate,
      {.allowed = {{"pizwg-client", examples::der_of(client)}}, .revoked = {}, .hosts = {}});
  TlsContext client_context_ = *TlsContext::make(
      client.key, client.certificate, {.allowed = {}, .revoked = {}, .hosts = {examples::der_of(server)}});
  std::unique_ptr<TlsConnection> near_, far_;
  Data server_heard_;
  FakeApplication application_{io_};
  int broken_ = 0;
  Relay relay_{io_, Framing::zwave, [this](const IoOutcome&) { ++broken_; }};
};

TEST_F(RelayTest, PassesFramesBothWays) {
  connect();
  relay_.attach(*near_);
  relay_.attach(application_);
  application_.say(command);
  EXPECT_TRUE(server_gets(command));
  server_says(acknowledgement + report);
  EXPECT_TRUE(application_gets(acknowledgement + report));
  EXPECT_EQ(relay_.counters().to_server, command.size());
  EXPECT_EQ(relay_.counters().from_server, 1 + report.size());
}

TEST_F(RelayTest, AFramePassesWhenAllOfItIsThere) {
  connect();
  relay_.attach(*near_);
  relay_.attach(application_);
  application_.say({command.begin(), command.begin() + 3});
  io_.run_one_for(std::chrono::milliseconds(10));
  EXPECT_EQ(server_hears(), Data());
  application_.say({command.begin() + 3, command.end()});
  EXPECT_TRUE(server_gets(command));
}

TEST_F(RelayTest, KeepsACommandForTheNextSessionButNoAcknowledgement) {
  relay_.attach(application_);
  application_.say(acknowledgement + command);
  ASSERT_TRUE(comes_true([this] { return relay_.counters().dropped == 1; }));
  connect();
  relay_.attach(*near_);
  EXPECT_TRUE(server_gets(command));
}

TEST_F(RelayTest, OfASessionThatEndedOnlyTheRestOfAFrameComes) {
  connect();
  relay_.attach(*near_);
  relay_.attach(application_);
  application_.make_room(3);
  server_says(report + report);
  ASSERT_TRUE(comes_true([this] { return application_.heard().size() == 3; }));
  ASSERT_TRUE(comes_true([this] { return relay_.counters().from_server == 2 * report.size(); }));
  relay_.detach_server();
  application_.make_room(1000);
  EXPECT_TRUE(application_gets(report));
  connect();
  relay_.attach(*near_);
  server_says(acknowledgement);
  EXPECT_TRUE(application_gets(report + acknowledgement)) << "and nothing between";
}

TEST_F(RelayTest, TheBeginningOfAFrameGoesNotIntoTheNextSession) {
  connect();
  relay_.attach(*near_);
  relay_.attach(application_);
  server_says({report.begin(), report.begin() + 4});
  ASSERT_TRUE(comes_true([this] { return relay_.counters().from_server == 4; }));
  relay_.detach_server();
  connect();
  relay_.attach(*near_);
  server_says(report);
  EXPECT_TRUE(application_gets(report));
}

TEST_F(RelayTest, WhatALeavingApplicationSaidLastIsPassedOn) {
  connect();
  relay_.attach(*near_);
  relay_.attach(application_);
  io_.poll();
  application_.say(command);
  relay_.detach_application();
  EXPECT_TRUE(server_gets(command));
  EXPECT_EQ(relay_.application(), nullptr);
}

TEST_F(RelayTest, WhatALeavingApplicationSaidInAnOutageIsNotTheNextOnes) {
  relay_.attach(application_);
  application_.say(command);
  io_.poll();
  relay_.detach_application();
  EXPECT_EQ(relay_.counters().dropped, command.size());
  FakeApplication next(io_);
  relay_.attach(next);
  connect();
  relay_.attach(*near_);
  next.say(report);
  EXPECT_TRUE(server_gets(report));
  relay_.detach_application();
}

TEST_F(RelayTest, APortThatNobodyHasOpenLosesWhatComes) {
  connect();
  relay_.attach(*near_);
  server_says(report);
  ASSERT_TRUE(comes_true([this] { return relay_.counters().from_server == report.size(); }));
  relay_.attach(application_);
  server_says(acknowledgement);
  EXPECT_TRUE(application_gets(acknowledgement));
}

TEST_F(RelayTest, SaysThatTheSessionIsOver) {
  connect();
  relay_.attach(*near_);
  relay_.attach(application_);
  far_->close();
  EXPECT_TRUE(comes_true([this] { return broken_ > 0; }));
}

TEST_F(RelayTest, AnApplicationThatHasGoneIsHungUp) {
  relay_.attach(application_);
  io_.poll();
  application_.leave();
  EXPECT_TRUE(comes_true([this] { return application_.hang_ups() > 0; }));
}

}  // namespace
}  // namespace pizwg
