#include "adapters/process_life.h"

#include <csignal>
#include <utility>

#include "adapters/service_manager.h"
#include "base/log.h"

namespace pizwg {

ProcessLife::ProcessLife(asio::io_context& io, Handlers handlers)
    : handlers_(std::move(handlers)), signals_(io, SIGTERM, SIGINT, SIGHUP), alive_timer_(io) {}

void ProcessLife::start() {
  watch_signals();
  keep_alive();
}

void ProcessLife::watch_signals() {
  signals_.async_wait([this](const asio::error_code& error, int signal) {
    if (error) return;
    if (signal == SIGHUP) {
      handlers_.told_to_reread();
    } else {
      log::notice("stopping", {{"signal", signal == SIGTERM ? "SIGTERM" : "SIGINT"}});
      service_manager::stopping();
      handlers_.told_to_stop();
    }
    watch_signals();
  });
}

void ProcessLife::keep_alive() {
  const auto interval = service_manager::watchdog_interval();
  if (!interval) return;
  service_manager::alive();
  alive_timer_.expires_after(*interval);
  alive_timer_.async_wait([this](const asio::error_code& error) {
    if (!error) keep_alive();
  });
}

}  // namespace pizwg
