#pragma once
// The simulated hub in operation: a gateway on one of its ports, uhubctl's stand-in at its socket, faults on
// command, and a log of when the gateway had power. Owns everything of `pizwg-sim hub`.

#include <list>
#include <memory>
#include <string>
#include <vector>

#include <asio/io_context.hpp>
#include <asio/steady_timer.hpp>

#include "adapters/control_server.h"
#include "base/error.h"
#include "base/unique_fd.h"
#include "sim/gateway.h"
#include "sim/hub.h"

namespace pizwg::sim {

// The line that asks a hub for something: "1-1 off 1,2", "1-1 status all". What it answers: uhubctl's exit
// status on a line of its own, then what uhubctl prints; to standard error, when the status is not 0.
class HubService {
 public:
  HubService(asio::io_context& io, const GatewayOptions& gateway, HubOptions options);

  // As Gateway::run().
  Result<void> run();

 private:
  void asked(const std::string& line, ControlServer::Answer answer);
  void answer_later(const std::string& line, ControlServer::Answer answer);
  std::string answer_to(const std::string& line);
  std::string switch_ports(std::span<const unsigned> ports, Hub::Power power);
  void take_effect();
  void obey(const Command& command);
  void power_changed(bool energised);
  Result<void> open_power_log();

  asio::io_context& io_;
  HubOptions options_;
  Hub hub_;
  UniqueFd power_log_;
  std::unique_ptr<ControlServer> server_;
  asio::steady_timer effect_timer_;
  std::list<asio::steady_timer> answer_timers_;
  std::vector<ControlServer::Answer> hanging_;
  bool energised_ = false;
  Gateway gateway_;
};

}  // namespace pizwg::sim
