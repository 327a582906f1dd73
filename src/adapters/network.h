#pragma once
// The kernel's word (netlink) on this host's interfaces, IPv4 addresses and default route: as they are now,
// and the moment when they change. Which of them matter is core/network_state.h's business.

#include <functional>

#include <asio/io_context.hpp>
#include <asio/posix/stream_descriptor.hpp>

#include "base/error.h"
#include "base/lifetime.h"
#include "core/network_state.h"

namespace pizwg {

// Asks the kernel, which answers at once. Errors: out of descriptors, or netlink is not allowed.
Result<NetworkState> read_network();

class NetworkWatch {
 public:
  // `changed` is called at once when something did, once for all that is known by then; not what.
  NetworkWatch(asio::io_context& io, std::function<void()> changed);

  // Errors as of read_network().
  Result<void> start();

 private:
  void wait();
  void drain();

  std::function<void()> changed_;
  asio::posix::stream_descriptor netlink_;
  Lifetime lifetime_;
};

}  // namespace pizwg
