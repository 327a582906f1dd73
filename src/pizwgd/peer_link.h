#pragma once
// A connection between two hosts of a cluster, from its TLS handshake on: each tells the other how it is,
// whenever that changes. Knows nothing of who is master.

#include <array>
#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include <asio/io_context.hpp>
#include <asio/steady_timer.hpp>

#include "adapters/tls_connection.h"
#include "base/lifetime.h"
#include "core/peer_message.h"

namespace pizwg {

class PeerLink {
 public:
  struct Handlers {
    std::function<void()> heard;  // `host()` is there, or another
    std::function<void()> ended;  // never from inside a call; nothing more follows
  };

  // `connection` has its handshake behind it.
  PeerLink(asio::io_context& io, std::unique_ptr<TlsConnection> connection, Handlers handlers);

  void tell(const HostSummary& us);
  // How the other one is, as it said last.
  const std::optional<HostSummary>& host() const { return host_; }
  const std::string& peer_address() const { return connection_->peer_address(); }

 private:
  void read();
  void take_lines();
  void write();
  void end();

  asio::steady_timer limit_;
  std::unique_ptr<TlsConnection> connection_;
  Handlers handlers_;
  std::optional<HostSummary> host_;
  std::string arrived_;
  std::string outgoing_;
  std::string latest_;  // what follows outgoing_; an older one that was not sent yet is of no use
  bool writing_ = false;
  bool ended_ = false;
  Lifetime lifetime_;
};

}  // namespace pizwg
