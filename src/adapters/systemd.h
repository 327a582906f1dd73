#pragma once
// What the daemon asks systemd for, through systemctl: keepalived's restart and the machine's. systemd does
// it in its own time; polkit says who may ask (packaging/polkit).

#include <functional>

#include <asio/io_context.hpp>
#include <asio/steady_timer.hpp>

#include "adapters/child_process.h"
#include "base/error.h"

namespace pizwg {

class Systemd {
 public:
  using Refused = std::function<void(const Error&)>;

  explicit Systemd(asio::io_context& io) : keepalived_(io), machine_(io), doubt_timer_(io) {}

  // The latest of these four counts. A refusal is logged; who asked sees that nothing has changed. Each of
  // the first three renders its configuration anew.
  void start_keepalived();
  // If it runs: one that the operator has stopped stays so.
  void reload_keepalived();
  void restart_keepalived();
  // For one that hears nothing, not even SIGTERM. Restart= does the rest.
  void kill_keepalived();

  // `refused`: systemd would not, or did not answer, and 10 s later this daemon is still here. Otherwise
  // systemd will end it.
  void reboot(Refused refused);
  void soft_reboot(Refused refused);

 private:
  void order(ChildProcess& call, std::vector<std::string> words, Refused refused);
  void order_machine(std::string word, Refused refused);

  ChildProcess keepalived_;
  ChildProcess machine_;
  asio::steady_timer doubt_timer_;
};

}  // namespace pizwg
