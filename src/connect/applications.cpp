#include "connect/applications.h"

#include <utility>

#include "base/log.h"
#include "connect/tcp_endpoint.h"
#include "connect/tty_endpoint.h"

namespace pizwg {

Result<void> Applications::open(const ConnectConfig& config) {
  const Endpoint::Handlers handlers{.arrived = [this](Endpoint& endpoint) { arrived(endpoint); },
                                    .leaving = [this](Endpoint& endpoint) { leaving(endpoint); }};
  Result<void> done;
  if (!config.tty.path.empty()) done = add(TtyEndpoint::open(io_, config.tty, handlers));
  if (done && config.tcp) done = add(TcpEndpoint::open(io_, *config.tcp, handlers));
  if (done && config.rfc2217)
    done = add(TcpEndpoint::open_rfc2217(io_, *config.rfc2217, config.baud, handlers));
  return done;
}

Result<void> Applications::add(Result<std::unique_ptr<Endpoint>> endpoint) {
  if (!endpoint) return std::unexpected(endpoint.error());
  log::notice("port offered", {{"port", (*endpoint)->name()}});
  endpoints_.push_back(*std::move(endpoint));
  return {};
}

void Applications::hang_up() {
  if (served_ == nullptr) return;
  log::notice("application hung up", {{"port", served_->name()}});
  served_->hang_up();
}

void Applications::arrived(Endpoint& endpoint) {
  if (served_ != nullptr) {
    log::warning("another application is served already: this one gets nothing until that one leaves",
                 {{"port", endpoint.name()}, {"served", served_->name()}});
    return endpoint.turn_away();
  }
  served_ = &endpoint;
  log::info("application came", {{"port", endpoint.name()}});
  handlers_.arrived(endpoint);
}

void Applications::leaving(Endpoint& endpoint) {
  if (served_ != &endpoint) return endpoint.discard_input();  // what it said to nobody
  handlers_.leaving(endpoint);
  served_ = nullptr;
  log::info("application left", {{"port", endpoint.name()}});
  serve_next(endpoint);
}

void Applications::serve_next(const Endpoint& not_this) {
  for (const auto& endpoint : endpoints_) {
    if (endpoint.get() == &not_this || !endpoint->has_application()) continue;
    endpoint->discard_input();  // what it said to nobody
    return arrived(*endpoint);
  }
}

}  // namespace pizwg
