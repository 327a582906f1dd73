#pragma once
// What the daemon asks systemd for, through systemctl: keepalived's restart and the machine's. systemd does
// it in its own time; polkit says who may ask (packaging/polkit).

#include <chrono>
#include <functional>
#include <string>
#include <vector>

#include <asio/io_context.hpp>
#include <asio/steady_timer.hpp>

#include "adapters/child_process.h"
#include "base/error.h"
#include "base/lifetime.h"

namespace pizwg {

class Systemd {
 public:
  using Refused = std::function<void(const Error&)>;

  explicit Systemd(asio::io_context& io, std::chrono::milliseconds retry_pause = std::chrono::seconds(10))
      : retry_pause_(retry_pause), keepalived_(io), machine_(io), retry_timer_(io), doubt_timer_(io) {}

  // The latest of these four counts. A refusal is logged, once while it stays the same. Each of the first
  // three renders keepalived's configuration anew.

  // Asked for again until systemd has taken it: at a slow boot it may not answer, and nobody else would.
  void start_keepalived();
  // If it runs: one that the operator has stopped stays so. Asked for again, too.
  void reload_keepalived();
  // Who wants the next two sees that nothing has changed, and wants them again.
  void restart_keepalived();
  // For one that hears nothing, not even SIGTERM. Restart= does the rest.
  void kill_keepalived();

  // `refused`: systemd would not, or did not answer, and 10 s later this daemon is still here. Otherwise
  // systemd will end it.
  void reboot(Refused refused);
  void soft_reboot(Refused refused);

 private:
  void order(ChildProcess& call, std::vector<std::string> words, Refused refused);
  void order_keepalived(std::vector<std::string> words);
  void order_until_taken(const std::vector<std::string>& words);
  void log_refusal(const Error& why);
  void order_machine(std::string word, Refused refused);

  const std::chrono::milliseconds retry_pause_;
  ChildProcess keepalived_;
  ChildProcess machine_;
  asio::steady_timer retry_timer_;
  Lifetime retry_;
  std::string said_;  // the refusal that was logged last
  asio::steady_timer doubt_timer_;
};

}  // namespace pizwg
