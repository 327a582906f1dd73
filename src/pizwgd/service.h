#pragma once
// The standalone daemon: listens while there are an identity and a gateway, and has at most one session.
// Wires the adapters to each other and decides what follows from what they report; moves no byte itself.

#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include <asio/io_context.hpp>
#include <asio/signal_set.hpp>
#include <asio/steady_timer.hpp>

#include "adapters/file_watch.h"
#include "adapters/tls_context.h"
#include "adapters/tls_listener.h"
#include "base/error.h"
#include "core/config.h"
#include "core/rate_limit.h"
#include "pizwgd/bridge.h"
#include "pizwgd/gateway.h"

namespace pizwg {

class Service {
 public:
  // `root`: the folder under which the identity is looked for, normally "/".
  Service(asio::io_context& io, Config config, std::filesystem::path root);

  // Serves until it is told to stop. An error is something that waiting does not mend, e.g. a port in use.
  Result<void> run();

 private:
  void read_identity();
  void read_identity_later();
  void identity_changed(TlsContext fresh);
  void gateway_opened();
  void gateway_lost();
  void listen_if_fit();
  void report_status();

  void client_authenticated(std::unique_ptr<TlsConnection> client);
  void start_session(std::unique_ptr<TlsConnection> client);
  void session_ended(SessionEnd why, const std::string& detail);
  void refused(const TlsConnection& connection, Refusal refusal, const std::string& detail);

  void watch_signals();
  void keep_alive();
  void stop();

  asio::io_context& io_;
  const Config config_;
  const std::filesystem::path root_;
  asio::signal_set signals_;
  asio::steady_timer alive_timer_;
  asio::steady_timer identity_timer_;
  std::map<Refusal, RateLimit> refusal_logs_;

  std::optional<TlsContext> identity_;
  Error identity_trouble_;
  std::optional<FileWatch> identity_watch_;
  Gateway gateway_;
  bool gateway_is_lost_ = true;
  std::unique_ptr<TlsListener> listener_;
  std::unique_ptr<Bridge> session_;
  Result<void> outcome_;
  bool said_ready_ = false;
};

}  // namespace pizwg
