#pragma once
// The daemon as a process of systemd's: told to stop or to read its files again by signals, and telling the
// watchdog that its event loop turns.

#include <functional>

#include <asio/io_context.hpp>
#include <asio/signal_set.hpp>
#include <asio/steady_timer.hpp>

namespace pizwg {

class ProcessLife {
 public:
  struct Handlers {
    std::function<void()> told_to_stop;    // SIGTERM, SIGINT: at the first one
    std::function<void()> told_to_reread;  // SIGHUP
  };

  ProcessLife(asio::io_context& io, Handlers handlers);
  void start();

 private:
  void watch_signals();
  void keep_alive();

  Handlers handlers_;
  asio::signal_set signals_;
  asio::steady_timer alive_timer_;
};

}  // namespace pizwg
