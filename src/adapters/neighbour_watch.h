#pragma once
// Tells when an IPv4 address on our own network segment belongs to another machine than before (a VIP that
// has moved): the kernel learns its new link-layer address by a gratuitous ARP and tells over netlink. Of an
// address behind a router nothing is ever heard. Wakes for nobody else's address: the kernel filters.

#include <array>
#include <functional>
#include <optional>
#include <span>

#include <asio/io_context.hpp>
#include <asio/posix/stream_descriptor.hpp>

#include "base/error.h"
#include "base/lifetime.h"
#include "core/ipv4.h"

namespace pizwg {

class NeighbourWatch {
 public:
  NeighbourWatch(asio::io_context& io, std::function<void()> moved)
      : moved_(std::move(moved)), netlink_(io) {}

  // From now on this address, if it is not the one already. Errors: netlink is not allowed.
  Result<void> watch(Ipv4 address);

 private:
  using LinkLayer = std::array<char, 6>;

  Result<void> learn();
  void wait();
  void drain();
  void take(std::span<const char> messages);
  void take_neighbour(std::span<const char> message);

  std::function<void()> moved_;
  asio::posix::stream_descriptor netlink_;
  std::optional<Ipv4> address_;
  std::optional<LinkLayer> link_layer_;
  bool has_moved_ = false;
  Lifetime lifetime_;
};

}  // namespace pizwg
