#pragma once
// The simulated hub in operation: a gateway on one of its ports, uhubctl's stand-in at its socket, faults on
// command, and a log of when the gateway had power. Owns everything of `pizwg-sim hub`.

#include <memory>
#include <string>
#include <string_view>

#include <asio/io_context.hpp>
#include <asio/steady_timer.hpp>

#include "adapters/control_server.h"
#include "base/error.h"
#include "base/unique_fd.h"
#include "sim/gateway.h"
#include "sim/hub.h"
#include "sim/hub_question.h"

namespace pizwg::sim {

class HubService {
 public:
  HubService(asio::io_context& io, const GatewayOptions& gateway, HubOptions options);
  ~HubService();
  HubService(const HubService&) = delete;
  HubService& operator=(const HubService&) = delete;

  // As Gateway::run().
  Result<void> run();

 private:
  Result<void> listen();
  std::string answer_to(const std::string& line);
  std::string fault() const;
  std::string switch_ports(const HubQuestion& question);
  std::string_view sent(const HubQuestion& question) const;
  std::string status(const HubQuestion& question) const;
  void take_effect();
  void obey(const Command& command);
  void power_changed(bool energised);
  Result<void> open_power_log();

  asio::io_context& io_;
  HubOptions options_;
  Hub hub_;
  UniqueFd power_log_;
  bool energised_ = false;
  std::unique_ptr<ControlServer> server_;
  asio::steady_timer effect_timer_;
  Gateway gateway_;
};

}  // namespace pizwg::sim
