#include "adapters/tls_client.h"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <utility>

#include <asio/post.hpp>

#include "base/text.h"

namespace pizwg {
namespace {

using Why = ConnectFailure::Why;

// A name has an IPv4 and an IPv6 address, seldom more.
constexpr std::size_t most_addresses = 8;

struct Words {
  std::string_view in_detail;  // OpenSSL's, at the end of its "… alert …"
  std::string_view what;
  std::string_view hint;
};

constexpr std::string_view enrol_hint =
    "take the client's .pem file from the host anew, or run on the host: pizwg client list";

// What a server's alert says of our certificate.
constexpr std::array<Words, 6> alerts{{
    {"alert certificate revoked", "our certificate is revoked", "ask the host's operator for a new one"},
    {"alert certificate expired", "our certificate has expired",
     "make a new one on the host: pizwg client add"},
    {"alert bad certificate", "our certificate is not one of those it knows", enrol_hint},
    {"alert unknown ca", "our certificate is not one of those it knows", enrol_hint},
    {"alert certificate unknown", "our certificate is not one of those it knows", enrol_hint},
    {"alert certificate required", "it wants a certificate, and we have shown none", enrol_hint},
}};

ConnectFailure describe_server(const PeerVerdict& verdict, const HostAddress& server) {
  if (verdict.refusal == Refusal::certificate_expired) {
    return {Why::wrong_server,
            {fmt::format("the certificate of {} has expired", server.text()),
             "make a new one on the host, or look at this machine's clock"}};
  }
  return {Why::wrong_server,
          {fmt::format("{} shows a certificate (of {}) that is not the one we were given", server.text(),
                       in_quotes(verdict.common_name)),
           "copy etc/ser2net/ser2net.crt from the host anew, if it really is your host"}};
}

ConnectFailure describe_handshake(const IoOutcome& outcome, const PeerVerdict& verdict,
                                  const HostAddress& server) {
  if (verdict.judged && !verdict.accepted) return describe_server(verdict, server);
  if (auto refusal = refusal_in(outcome, server)) return *refusal;
  const auto said = outcome.detail.empty() ? std::string("it closed the connection") : outcome.detail;
  return {Why::no_handshake,
          {fmt::format("no TLS with {}: {}", server.text(), said), "is it pizwgd that listens there?"}};
}

// "pi.local", which by mDNS the host itself tells while it is on. Not "pi.cluster.local": that is a name
// server's.
bool is_told_by_its_host(std::string_view name) {
  return name.ends_with(".local") && std::ranges::count(name, '.') == 1;
}

// At boot a name server may be out of reach for a while.
Why why_not_found(const asio::error_code& error, std::string_view name) {
  const bool answered = error == asio::error::host_not_found || error == asio::error::no_data;
  return answered && !is_told_by_its_host(name) ? Why::unknown_name : Why::unreachable;
}

bool means_unreachable(const asio::error_code& error) {
  return error == asio::error::host_unreachable || error == asio::error::network_unreachable ||
         error == asio::error::timed_out;
}

}  // namespace

std::optional<ConnectFailure> refusal_in(const IoOutcome& outcome, const HostAddress& server) {
  if (outcome.status != IoStatus::failed) return std::nullopt;
  for (const auto& [in_detail, what, hint] : alerts) {
    if (outcome.detail.find(in_detail) == std::string::npos) continue;
    return ConnectFailure{Why::not_let_in,
                          {fmt::format("{} does not let us in: {}", server.text(), what), std::string(hint)}};
  }
  return std::nullopt;
}

void TlsClient::connect(HostAddress server, const TlsContext& identity, Limits limits, Done done) {
  cancel();
  server_ = std::move(server);
  identity_ = &identity;
  limits_ = limits;
  done_ = std::move(done);
  last_error_ = {};
  asio::error_code is_a_name;
  const auto address = asio::ip::make_address(server_.host, is_a_name);
  if (is_a_name) return resolve();
  addresses_ = {Endpoint(address, server_.port)};
  asio::post(limit_.get_executor(), attempt_.bound([this] { try_next_address(); }));
}

void TlsClient::cancel() {
  attempt_.renew();
  limit_.cancel();
  resolver_.cancel();
  asio::error_code ignored;
  socket_.close(ignored);
  connection_.reset();
  addresses_.clear();
}

void TlsClient::expire_after(std::chrono::milliseconds limit, std::function<void()> expired) {
  limit_.expires_after(limit);
  limit_.async_wait(attempt_.bound([expired = std::move(expired)](const asio::error_code& error) {
    if (!error) expired();
  }));
}

void TlsClient::resolve() {
  expire_after(limits_.resolve, [this] {
    fail(Why::unreachable, fmt::format("no answer to the question where {} is", in_quotes(server_.host)),
         "is this machine's DNS server reachable?");
  });
  resolver_.async_resolve(
      server_.host, std::to_string(server_.port), asio::ip::tcp::resolver::numeric_service,
      attempt_.bound([this](const asio::error_code& error,
                            const asio::ip::tcp::resolver::results_type& found) {
        if (error) {
          return fail(why_not_found(error, server_.host),
                      fmt::format("cannot find the host {}: {}", in_quotes(server_.host), error.message()),
                      "see that the name is right, or use the host's address");
        }
        addresses_.assign(found.begin(), found.end());
        if (addresses_.size() > most_addresses) addresses_.resize(most_addresses);
        std::ranges::reverse(addresses_);
        try_next_address();
      }));
}

void TlsClient::try_next_address() {
  asio::error_code ignored;
  socket_.close(ignored);
  if (addresses_.empty()) {
    if (last_error_ == asio::error::connection_refused) {
      return fail(Why::refused, fmt::format("nothing listens at {}", server_.text()),
                  "the host is there: systemctl status pizwgd on it says what it waits for");
    }
    return fail(Why::unreachable, fmt::format("cannot reach {}: {}", server_.text(), last_error_.message()),
                "is the host on, and is this machine on the network?");
  }
  expire_after(limits_.connect, [this] {
    last_error_ = asio::error::timed_out;
    try_next_address();
  });
  const Endpoint next = addresses_.back();
  addresses_.pop_back();
  socket_.open(next.protocol(), ignored);
  if (socket_.is_open()) set_buffer_sizes(socket_.native_handle());
  socket_.async_connect(next, attempt_.bound([this](const asio::error_code& error) {
    if (error == asio::error::operation_aborted) return;  // another address's turn
    if (error) {
      if (!last_error_ || !means_unreachable(error)) last_error_ = error;
      return try_next_address();
    }
    connection_ = std::make_unique<TlsConnection>(std::move(socket_), TlsConnection::End::client);
    socket_ = asio::ip::tcp::socket(limit_.get_executor());
    expire_after(limits_.handshake, [this] {
      fail(Why::no_handshake, fmt::format("{} accepts connections, but does not answer", server_.text()),
           "the host may be starting, or hang");
    });
    shake_hands();
  }));
}

void TlsClient::shake_hands() {
  const IoOutcome outcome = connection_->handshake(*identity_);
  if (outcome.status == IoStatus::want_read) return connection_->when_readable([this] { shake_hands(); });
  if (outcome.status == IoStatus::want_write) return connection_->when_writable([this] { shake_hands(); });
  if (outcome.status == IoStatus::done) return finish(std::move(connection_));
  finish(std::unexpected(describe_handshake(outcome, connection_->verdict(), server_)));
}

void TlsClient::fail(ConnectFailure::Why why, std::string what, std::string hint) {
  finish(std::unexpected(ConnectFailure{why, {std::move(what), std::move(hint)}}));
}

void TlsClient::finish(Outcome outcome) {
  cancel();
  std::exchange(done_, nullptr)(std::move(outcome));
}

}  // namespace pizwg
