#pragma once
// The other hosts of the cluster, as far as they are known: every host that is not master keeps a connection
// to the one that is, at the VIP, and both tell how they are. So the master knows who could take over, and
// the others who is master. Nothing depends on it but what people are told: the election is keepalived's.

#include <cstdint>
#include <functional>
#include <list>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <asio/io_context.hpp>
#include <asio/ip/tcp.hpp>
#include <asio/steady_timer.hpp>

#include "adapters/tls_context.h"
#include "core/ipv4.h"
#include "core/peer_message.h"
#include "pizwgd/peer_link.h"

namespace pizwg {

class Peers {
 public:
  struct Handlers {
    // Null while there is none.
    std::function<const TlsContext*()> identity;
    std::function<void()> changed;
  };

  Peers(asio::io_context& io, std::uint16_t port, Handlers handlers);

  // Another host has connected to us.
  void accept(std::unique_ptr<TlsConnection> connection);

  // How we are, from now on.
  void tell(const HostSummary& us);

  // Where the master is looked for; empty: we are it, or there is no network.
  void look_for_master_at(std::optional<Ipv4> vip);

  // The hosts that have connected to us and could take over, by name.
  std::vector<std::string> fit_hosts() const;
  // All that have connected to us.
  std::vector<HostSummary> hosts() const;
  // The host that we have connected to at the VIP; null when there is none.
  const HostSummary* master() const;

 private:
  using Place = std::list<std::unique_ptr<PeerLink>>::iterator;

  void connect();
  void shake_hands();
  void connected();
  void failed();

  asio::io_context& io_;
  const std::uint16_t port_;
  Handlers handlers_;
  HostSummary us_;
  std::list<std::unique_ptr<PeerLink>> guests_;
  std::optional<Ipv4> vip_;
  asio::ip::tcp::socket socket_;
  asio::steady_timer timer_;
  std::unique_ptr<TlsConnection> connecting_;
  std::unique_ptr<PeerLink> to_master_;
  Lifetime attempt_;
};

}  // namespace pizwg
