#include "adapters/tls_connection.h"

#include <array>
#include <cassert>
#include <cerrno>
#include <fmt/format.h>
#include <openssl/err.h>
#include <system_error>

#include <asio/buffer.hpp>
#include <asio/ip/address.hpp>

namespace pizwg {
namespace {

std::string text_of(const asio::ip::tcp::endpoint& endpoint) {
  auto address = endpoint.address();
  if (address.is_v6() && address.to_v6().is_v4_mapped()) {
    address = asio::ip::make_address_v4(asio::ip::v4_mapped, address.to_v6());
  }
  if (address.is_v6()) return fmt::format("[{}]:{}", address.to_string(), endpoint.port());
  return fmt::format("{}:{}", address.to_string(), endpoint.port());
}

// Both keep the last failure, and outcome_of() must only see its own.
void forget_errors() {
  ERR_clear_error();
  errno = 0;
}

}  // namespace

TlsConnection::TlsConnection(asio::ip::tcp::socket socket, End end) : socket_(std::move(socket)), end_(end) {
  asio::error_code ignored;  // a peer that is gone already shows at the first read
  socket_.non_blocking(true, ignored);
  const auto endpoint = socket_.remote_endpoint(ignored);
  peer_address_ = text_of(endpoint);
  set_session_options(socket_.native_handle());
}

IoOutcome TlsConnection::handshake(const TlsContext& context) {
  if (!ssl_) {
    const int fd = socket_.native_handle();
    ssl_ = end_ == End::server ? context.accept_on(fd, verdict_) : context.connect_on(fd, verdict_);
    if (!ssl_) return {.status = IoStatus::failed, .error_number = ENOMEM, .detail = "out of memory"};
  }
  forget_errors();
  return outcome_of(SSL_do_handshake(ssl_.get()));
}

IoOutcome TlsConnection::read(Buffer buffer) {
  forget_errors();
  std::size_t bytes = 0;
  IoOutcome outcome = outcome_of(SSL_read_ex(ssl_.get(), buffer.data(), buffer.size(), &bytes));
  outcome.bytes = bytes;
  return outcome;
}

IoOutcome TlsConnection::write(Bytes bytes) {
  assert(!bytes.empty());
  forget_errors();
  std::size_t written = 0;
  IoOutcome outcome = outcome_of(SSL_write_ex(ssl_.get(), bytes.data(), bytes.size(), &written));
  outcome.bytes = written;
  return outcome;
}

IoOutcome TlsConnection::outcome_of(int result) {
  if (result == 1) return {};
  const int system_error = errno;
  const int error = SSL_get_error(ssl_.get(), result);
  if (error == SSL_ERROR_WANT_READ) return {.status = IoStatus::want_read};
  if (error == SSL_ERROR_WANT_WRITE) return {.status = IoStatus::want_write};
  if (error == SSL_ERROR_ZERO_RETURN) return {.status = IoStatus::closed};
  // A peer that closes without TLS's goodbye (a killed socat) is closed, too: nothing that we do depends on
  // having seen the end of its data.
  const bool end_of_file =
      error == SSL_ERROR_SSL && ERR_GET_REASON(ERR_peek_error()) == SSL_R_UNEXPECTED_EOF_WHILE_READING;
  if (end_of_file || (error == SSL_ERROR_SYSCALL && system_error == 0)) {
    ERR_clear_error();
    return {.status = IoStatus::closed};
  }
  if (error == SSL_ERROR_SYSCALL) {
    return {.status = IoStatus::failed,
            .error_number = system_error,
            .detail = std::generic_category().message(system_error)};
  }
  return {.status = IoStatus::failed, .detail = take_openssl_errors()};
}

void TlsConnection::when_ready(asio::ip::tcp::socket::wait_type direction, Handler handler) {
  socket_.async_wait(direction,
                     lifetime_.bound([handler = std::move(handler)](const asio::error_code& error) {
                       if (error != asio::error::operation_aborted) handler();
                     }));
}

void TlsConnection::when_readable(Handler handler) {
  when_ready(asio::ip::tcp::socket::wait_read, std::move(handler));
}

void TlsConnection::when_writable(Handler handler) {
  when_ready(asio::ip::tcp::socket::wait_write, std::move(handler));
}

void TlsConnection::say_goodbye() {
  ERR_clear_error();
  if (ssl_ && SSL_is_init_finished(ssl_.get()) == 1)
    SSL_shutdown(ssl_.get());  // does not block, and may fail
  ERR_clear_error();
}

void TlsConnection::close() {
  say_goodbye();
  asio::error_code ignored;
  socket_.close(ignored);
}

void TlsConnection::finish_sending() {
  say_goodbye();
  asio::error_code ignored;
  socket_.shutdown(asio::socket_base::shutdown_send, ignored);
}

IoStatus TlsConnection::discard_input() {
  std::array<char, 4096> unwanted;
  asio::error_code error;
  socket_.read_some(asio::buffer(unwanted), error);
  if (!error) return IoStatus::done;
  return error == asio::error::would_block ? IoStatus::want_read : IoStatus::closed;
}

void TlsConnection::abort() {
  asio::error_code ignored;
  socket_.set_option(asio::socket_base::linger(true, 0), ignored);
  socket_.close(ignored);
}

bool TlsConnection::allowed_by(const PeerPolicy& policy) const {
  return judge_peer_of(ssl_.get(), policy).has_value();
}

void TlsConnection::acknowledge() {
  acknowledge_now(socket_.native_handle());
}

Delivery TlsConnection::watch_delivery() {
  return adapt_user_timeout(socket_.native_handle(), limits_);
}

void TlsConnection::set_limits(const PeerLimits& limits) {
  limits_ = limits;
  set_session_options(socket_.native_handle(), limits_);
}

std::chrono::microseconds TlsConnection::round_trip() {
  return pizwg::round_trip(socket_.native_handle());
}

std::string TlsConnection::local_address() const {
  asio::error_code gone;
  const auto endpoint = socket_.local_endpoint(gone);
  return gone ? std::string() : endpoint.address().to_string();
}

}  // namespace pizwg
