#include "pizwgd/peer_link.h"

#include <utility>

#include <asio/post.hpp>

namespace pizwg {
namespace {

// A host says how it is at once.
constexpr std::chrono::seconds first_word_limit{5};

}  // namespace

PeerLink::PeerLink(asio::io_context& io, std::unique_ptr<TlsConnection> connection, Handlers handlers)
    : limit_(io), connection_(std::move(connection)), handlers_(std::move(handlers)) {
  limit_.expires_after(first_word_limit);
  limit_.async_wait(lifetime_.bound([this](const asio::error_code& error) {
    if (!error && !host_) end();
  }));
  asio::post(io, lifetime_.bound([this] { read(); }));
}

void PeerLink::read() {
  std::array<std::uint8_t, longest_peer_message> piece;
  const IoOutcome got = connection_->read(piece);
  switch (got.status) {
    case IoStatus::done:
      arrived_.append(piece.begin(), piece.begin() + static_cast<std::ptrdiff_t>(got.bytes));
      take_lines();
      break;
    case IoStatus::want_read:
      return connection_->when_readable([this] { read(); });
    case IoStatus::want_write:
      return connection_->when_writable([this] { read(); });
    case IoStatus::closed:
    case IoStatus::failed:
      return end();
  }
  if (ended_) return;
  if (!connection_->has_pending()) return connection_->when_readable([this] { read(); });
  asio::post(limit_.get_executor(), lifetime_.bound([this] { read(); }));
}

void PeerLink::take_lines() {
  for (auto end = arrived_.find('\n'); end != std::string::npos; end = arrived_.find('\n')) {
    const auto told = parse_peer_message(std::string_view(arrived_).substr(0, end));
    arrived_.erase(0, end + 1);
    if (!told || told == host_) continue;
    host_ = told;
    handlers_.heard();
  }
  if (arrived_.size() > longest_peer_message) end();
}

void PeerLink::tell(const HostSummary& us) {
  latest_ = format_peer_message(us);
  if (!writing_) write();
}

void PeerLink::write() {
  writing_ = true;
  while (!ended_) {
    if (outgoing_.empty()) outgoing_ = std::exchange(latest_, {});
    if (outgoing_.empty()) break;
    const Bytes bytes(reinterpret_cast<const std::uint8_t*>(outgoing_.data()), outgoing_.size());
    const IoOutcome put = connection_->write(bytes);
    if (put.status == IoStatus::want_write) return connection_->when_writable([this] { write(); });
    if (put.status == IoStatus::want_read) return connection_->when_readable([this] { write(); });
    if (put.status != IoStatus::done) return end();
    outgoing_.erase(0, put.bytes);
  }
  writing_ = false;
}

void PeerLink::end() {
  if (std::exchange(ended_, true)) return;
  limit_.cancel();
  connection_->close();
  // Its own copy: what it does may be the end of us.
  asio::post(limit_.get_executor(), lifetime_.bound([ended = handlers_.ended] { ended(); }));
}

}  // namespace pizwg
