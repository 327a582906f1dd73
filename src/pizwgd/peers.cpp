#include "pizwgd/peers.h"

#include <algorithm>
#include <utility>

#include <asio/post.hpp>

#include "base/log.h"

namespace pizwg {
namespace {

// A cluster has two hosts or three.
constexpr std::size_t most_guests = 16;
// A new master listens a second after it was elected. An operator who has ordered a handover waits for this.
constexpr std::chrono::milliseconds retry_interval{200};
constexpr std::chrono::seconds connect_limit{5};

}  // namespace

Peers::Peers(asio::io_context& io, std::uint16_t port, Handlers handlers)
    : io_(io), port_(port), handlers_(std::move(handlers)), socket_(io), timer_(io) {}

void Peers::accept(std::unique_ptr<TlsConnection> connection) {
  if (guests_.size() >= most_guests) return connection->close();
  const Place place = guests_.insert(guests_.end(), nullptr);
  *place = std::make_unique<PeerLink>(io_, std::move(connection),
                                      PeerLink::Handlers{.heard = [this] { handlers_.changed(); },
                                                         .ended =
                                                             [this, place] {
                                                               guests_.erase(place);
                                                               handlers_.changed();
                                                             }});
  (*place)->tell(us_);
}

void Peers::tell(const HostSummary& us) {
  if (std::exchange(us_, us) == us) return;
  for (const auto& guest : guests_) guest->tell(us_);
  if (to_master_) to_master_->tell(us_);
}

void Peers::look_for_master_at(std::optional<Ipv4> vip) {
  if (vip_ == vip) return;
  vip_ = vip;
  to_master_.reset();
  connecting_.reset();
  if (vip_) return connect();
  attempt_.renew();
  timer_.cancel();
  asio::error_code ignored;
  socket_.close(ignored);
}

// Until it works: there may be no master, or it does not listen yet.
void Peers::connect() {
  attempt_.renew();
  connecting_.reset();
  asio::error_code ignored;
  socket_.close(ignored);
  timer_.expires_after(connect_limit);
  timer_.async_wait(attempt_.bound([this](const asio::error_code& error) {
    if (!error) failed();
  }));
  if (handlers_.identity() == nullptr) return;  // looked at again when the time is over
  socket_.async_connect(
      {asio::ip::address_v4(vip_->value), port_}, attempt_.bound([this](const asio::error_code& error) {
        if (error) return failed();
        connecting_ = std::make_unique<TlsConnection>(std::move(socket_), TlsConnection::End::client);
        socket_ = asio::ip::tcp::socket(io_);
        shake_hands();
      }));
}

void Peers::shake_hands() {
  const TlsContext* identity = handlers_.identity();
  const IoOutcome outcome =
      identity == nullptr ? IoOutcome{.status = IoStatus::failed} : connecting_->handshake(*identity);
  if (outcome.status == IoStatus::want_read) return connecting_->when_readable([this] { shake_hands(); });
  if (outcome.status == IoStatus::want_write) return connecting_->when_writable([this] { shake_hands(); });
  if (outcome.status != IoStatus::done || connecting_->verdict().peer.kind != Peer::Kind::host)
    return failed();
  connected();
}

void Peers::connected() {
  attempt_.renew();
  timer_.cancel();
  to_master_ = std::make_unique<PeerLink>(io_, std::move(connecting_),
                                          PeerLink::Handlers{.heard = [this] { handlers_.changed(); },
                                                             .ended =
                                                                 [this] {
                                                                   to_master_.reset();
                                                                   handlers_.changed();
                                                                   if (vip_) connect();
                                                                 }});
  to_master_->tell(us_);
}

void Peers::failed() {
  attempt_.renew();
  timer_.expires_after(retry_interval);
  timer_.async_wait(attempt_.bound([this](const asio::error_code& error) {
    if (!error) connect();
  }));
}

std::vector<std::string> Peers::fit_hosts() const {
  std::vector<std::string> names;
  for (const HostSummary& host : hosts()) {
    if (host.fit) names.push_back(host.name);
  }
  return names;
}

std::vector<HostSummary> Peers::hosts() const {
  std::vector<HostSummary> known;
  for (const auto& guest : guests_) {
    if (guest && guest->host()) known.push_back(*guest->host());
  }
  return known;
}

const HostSummary* Peers::master() const {
  return to_master_ && to_master_->host() ? &*to_master_->host() : nullptr;
}

}  // namespace pizwg
