#pragma once
// All of pizwg-connect: the ports for applications, the uplink, the relay between them, and those who ask how
// it is. Wires them to each other, and decides what an outage means for the application; moves no byte
// itself.

#include <filesystem>
#include <memory>
#include <optional>

#include <asio/io_context.hpp>
#include <asio/steady_timer.hpp>

#include "adapters/client_identity.h"
#include "adapters/control_server.h"
#include "adapters/process_life.h"
#include "base/error.h"
#include "connect/applications.h"
#include "connect/relay.h"
#include "connect/report.h"
#include "connect/uplink.h"
#include "core/connect_config.h"

namespace pizwg {

class Connector {
 public:
  // `control`: the socket that answers `pizwg-connect status`; empty: none.
  Connector(asio::io_context& io, ConnectConfig config, TlsContext identity, std::filesystem::path control);

  // Connects until it is told to stop. Errors: a port that cannot be offered; at the start also a host that
  // does not exist, is another one, or does not know us.
  Result<void> run();

 private:
  Result<void> open();
  void ready();
  void give_up(const Error& error);
  void connected(TlsConnection& server);
  void disconnected();
  void outage_began();
  void reread_identity();
  void stop();
  Report report();
  void tell();
  void keep_metrics();
  void write_metrics();
  Result<void> answer_questions();

  asio::io_context& io_;
  const ConnectConfig config_;
  const std::filesystem::path control_;
  ProcessLife life_;
  Relay relay_;
  Applications applications_;
  Uplink uplink_;
  std::unique_ptr<ControlServer> questions_;
  asio::steady_timer ready_timer_;
  bool ready_ = false;
  std::optional<Error> hopeless_;
  asio::steady_timer hangup_timer_;
  asio::steady_timer metrics_timer_;
  bool metrics_failed_ = false;
};

ClientIdentityFiles identity_files(const ConnectConfig& config);

}  // namespace pizwg
