#include "connect/tcp_endpoint.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <fmt/format.h>
#include <utility>

#include "adapters/tcp_options.h"
#include "base/log.h"
#include "base/text.h"

namespace pizwg {
namespace {

using asio::ip::tcp;

constexpr std::chrono::seconds accept_pause{1};
// A client that asks and never reads the answers.
constexpr std::size_t most_outgoing = 64 * 1024;

IoOutcome outcome_of(const asio::error_code& error, std::size_t bytes, IoStatus when_it_would_block) {
  if (!error) return {.bytes = bytes};
  if (error == asio::error::would_block) return {.status = when_it_would_block};
  if (error == asio::error::eof) return {.status = IoStatus::closed};
  return {.status = IoStatus::failed, .error_number = error.value(), .detail = error.message()};
}

std::string hint_for(const asio::error_code& error) {
  if (error == asio::error::address_in_use) return "choose another port; ss -ltnp says who has it";
  if (error == asio::error::access_denied) return "ports below 1024 are root's: choose a higher one";
  return "it must be an address of this machine, such as 127.0.0.1";
}

}  // namespace

Result<std::unique_ptr<Endpoint>> TcpEndpoint::open(asio::io_context& io, const HostAddress& where,
                                                    Handlers handlers) {
  std::unique_ptr<TcpEndpoint> endpoint(new TcpEndpoint(io, "tcp", std::nullopt, std::move(handlers)));
  if (auto listening = endpoint->listen(where); !listening) return std::unexpected(listening.error());
  return endpoint;
}

Result<std::unique_ptr<Endpoint>> TcpEndpoint::open_rfc2217(asio::io_context& io, const HostAddress& where,
                                                            unsigned baud, Handlers handlers) {
  std::unique_ptr<TcpEndpoint> endpoint(new TcpEndpoint(io, "rfc2217", baud, std::move(handlers)));
  if (auto listening = endpoint->listen(where); !listening) return std::unexpected(listening.error());
  return endpoint;
}

TcpEndpoint::TcpEndpoint(asio::io_context& io, std::string protocol, std::optional<unsigned> telnet_baud,
                         Handlers handlers)
    : Endpoint(std::move(protocol)),
      acceptor_(io),
      socket_(io),
      pause_timer_(io),
      telnet_baud_(telnet_baud),
      handlers_(std::move(handlers)) {}

Result<void> TcpEndpoint::listen(const HostAddress& where) {
  asio::error_code error;
  const auto address = asio::ip::make_address(where.host == "localhost" ? "127.0.0.1" : where.host, error);
  if (error)
    return fail(fmt::format("cannot listen on {}: {} is no address", where.text(), in_quotes(where.host)),
                "such as 127.0.0.1:" + std::to_string(where.port));
  const tcp::endpoint endpoint(address, where.port);
  acceptor_.open(endpoint.protocol(), error);
  if (!error) acceptor_.set_option(tcp::acceptor::reuse_address(true), error);
  if (!error) set_buffer_sizes(acceptor_.native_handle());
  if (!error) acceptor_.bind(endpoint, error);
  if (!error) acceptor_.listen(4, error);
  if (error)
    return fail(fmt::format("cannot listen on {}: {}", where.text(), error.message()), hint_for(error));
  const HostAddress bound{where.host, acceptor_.local_endpoint(error).port()};
  rename(name() + " " + bound.text());
  if (!address.is_loopback()) {
    log::warning("this port has no password and no encryption, and others than this machine may reach it",
                 {{"port", bound.text()}});
  }
  accept_next();
  return {};
}

void TcpEndpoint::accept_next() {
  acceptor_.async_accept(lifetime_.bound([this](const asio::error_code& error, tcp::socket socket) {
    if (error == asio::error::operation_aborted) return;
    if (error) return accept_again_later();
    welcome(std::move(socket));
    accept_next();
  }));
}

// Out of descriptors, most likely: that passes.
void TcpEndpoint::accept_again_later() {
  pause_timer_.expires_after(accept_pause);
  pause_timer_.async_wait(lifetime_.bound([this](const asio::error_code& error) {
    if (!error) accept_next();
  }));
}

void TcpEndpoint::welcome(tcp::socket socket) {
  if (has_application()) {
    log::warning("a second application is turned away: the first one is still there", {{"port", name()}});
    return;
  }
  asio::error_code ignored;
  socket.non_blocking(true, ignored);
  set_session_options(socket.native_handle());
  socket_ = std::move(socket);
  outgoing_.clear();
  if (telnet_baud_) telnet_.emplace(*telnet_baud_);
  handlers_.arrived(*this);
}

IoOutcome TcpEndpoint::read(Buffer buffer) {
  return telnet_baud_ ? read_telnet(buffer) : read_raw(buffer);
}

IoOutcome TcpEndpoint::read_raw(Buffer buffer) {
  asio::error_code error;
  const std::size_t got = socket_.read_some(asio::buffer(buffer.data(), buffer.size()), error);
  return outcome_of(error, got, IoStatus::want_read);
}

// Undone, escapes never make data longer: what is read into `buffer` fits into it again.
IoOutcome TcpEndpoint::read_telnet(Buffer buffer) {
  std::vector<std::uint8_t> data;
  while (data.empty()) {
    IoOutcome got = read_raw(buffer);
    if (got.status != IoStatus::done) return got;
    telnet_->receive(buffer.first(got.bytes), data, outgoing_);
    flush();
    if (outgoing_.size() > most_outgoing)
      return {.status = IoStatus::failed, .detail = "it reads no answers"};
  }
  std::ranges::copy(data, buffer.begin());
  return {.bytes = data.size()};
}

IoOutcome TcpEndpoint::write(Bytes bytes) {
  if (!telnet_baud_) return write_raw(bytes);
  if (!flush()) return {.status = IoStatus::want_write};
  Rfc2217::escape(bytes, outgoing_);
  flush();
  return {.bytes = bytes.size()};
}

IoOutcome TcpEndpoint::write_raw(Bytes bytes) {
  asio::error_code error;
  const std::size_t put = socket_.write_some(asio::buffer(bytes.data(), bytes.size()), error);
  return outcome_of(error, put, IoStatus::want_write);
}

// Whether all is out. What is not goes before the next data, or the next answer; a broken connection shows in
// a read.
bool TcpEndpoint::flush() {
  while (!outgoing_.empty()) {
    const IoOutcome put = write_raw(outgoing_);
    if (put.status != IoStatus::done) return put.status != IoStatus::want_write;
    outgoing_.erase(outgoing_.begin(), outgoing_.begin() + static_cast<std::ptrdiff_t>(put.bytes));
  }
  return true;
}

void TcpEndpoint::when_readable(Handler handler) {
  socket_.async_wait(tcp::socket::wait_read,
                     lifetime_.bound([handler = std::move(handler)](const asio::error_code& error) {
                       if (!error) handler();
                     }));
}

void TcpEndpoint::when_writable(Handler handler) {
  socket_.async_wait(tcp::socket::wait_write,
                     lifetime_.bound([handler = std::move(handler)](const asio::error_code& error) {
                       if (!error) handler();
                     }));
}

void TcpEndpoint::hang_up() {
  if (!has_application()) return;
  handlers_.leaving(*this);
  asio::error_code ignored;
  socket_.close(ignored);
}

void TcpEndpoint::turn_away() {
  asio::error_code ignored;
  socket_.close(ignored);
}

void TcpEndpoint::discard_input() {
  std::array<std::uint8_t, 4096> unread;
  for (int i = 0; i < most_last_words && read(unread).status == IoStatus::done; ++i) {
  }
}

}  // namespace pizwg
