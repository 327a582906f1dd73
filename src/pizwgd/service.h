#pragma once
// The standalone daemon: listens while there are an identity and a gateway. Wires the adapters to each other
// and decides what follows from what they report; moves no byte itself.

#include <filesystem>

#include <asio/io_context.hpp>

#include "adapters/control_server.h"
#include "adapters/process_life.h"
#include "base/error.h"
#include "core/config.h"
#include "pizwgd/gateway.h"
#include "pizwgd/reports.h"
#include "pizwgd/sessions.h"

namespace pizwg {

class Service {
 public:
  // `root`: the folder under which the identity is looked for, normally "/".
  // Below it, too, is what it tells of itself: run/pizwg.
  Service(asio::io_context& io, Config config, std::filesystem::path root);

  // Serves until it is told to stop. An error is something that waiting does not mend, e.g. a port in use.
  Result<void> run();

 private:
  void gateway_opened();
  void gateway_lost();
  void listen_if_fit();
  void report_status();
  void answer_questions();
  HostStatus look(const Now& now);
  State state() const;
  void stop();

  asio::io_context& io_;
  const Config config_;
  const std::filesystem::path run_folder_;
  Reports reports_;
  ProcessLife life_;
  Gateway gateway_;
  Sessions sessions_;
  std::unique_ptr<ControlServer> control_;
  State told_state_ = State::unprovisioned;
  TimePoint since_;
  bool gateway_is_lost_ = true;
  bool gateway_was_open_ = false;
  bool stopping_ = false;
  Result<void> outcome_;
};

}  // namespace pizwg
