#pragma once
// All ports that are offered, and the one application that is served: the first to come, until it leaves.
// Then the next that waits, if there is one.

#include <functional>
#include <memory>
#include <vector>

#include <asio/io_context.hpp>

#include "base/error.h"
#include "connect/endpoint.h"
#include "core/connect_config.h"

namespace pizwg {

class Applications {
 public:
  struct Handlers {
    std::function<void(Endpoint&)> arrived;
    std::function<void(Endpoint&)> leaving;
  };

  Applications(asio::io_context& io, Handlers handlers) : io_(io), handlers_(std::move(handlers)) {}

  // Errors: a port that cannot be offered.
  Result<void> open(const ConnectConfig& config);
  // What hang_up() means for the one that is served.
  void hang_up();

 private:
  Result<void> add(Result<std::unique_ptr<Endpoint>> endpoint);
  void arrived(Endpoint& endpoint);
  void leaving(Endpoint& endpoint);
  void serve_next(const Endpoint& not_this);

  asio::io_context& io_;
  Handlers handlers_;
  std::vector<std::unique_ptr<Endpoint>> endpoints_;
  Endpoint* served_ = nullptr;
};

}  // namespace pizwg
