#pragma once
// Does another host hold the VIP? Asked with a TCP connection that is dropped at once: whoever accepts or
// refuses it has the address. Silence means nobody does, or nobody that we can reach.

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>

#include <asio/io_context.hpp>
#include <asio/ip/tcp.hpp>
#include <asio/steady_timer.hpp>

#include "base/lifetime.h"

namespace pizwg {

enum class VipAnswer {
  accepted,  // held, and served
  refused,   // held, but nobody listens (yet)
  silent,
};

class VipProbe {
 public:
  explicit VipProbe(asio::io_context& io) : socket_(io), limit_(io) {}

  // A question that is still open is dropped. Answers once, after a second at the latest, never from inside.
  void ask(const std::string& vip, std::uint16_t port, std::function<void(VipAnswer)> answered);

 private:
  void answer(VipAnswer answer);

  asio::ip::tcp::socket socket_;
  asio::steady_timer limit_;
  std::function<void(VipAnswer)> answered_;
  Lifetime lifetime_;
};

}  // namespace pizwg
