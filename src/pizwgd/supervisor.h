#pragma once
// One of several hosts that share a gateway's clones: turns what the adapters report into events of
// core/lifecycle.h, and its actions into orders to them. Decides nothing itself.

#include <deque>
#include <filesystem>
#include <optional>
#include <string>

#include <asio/io_context.hpp>
#include <asio/steady_timer.hpp>

#include "adapters/election.h"
#include "adapters/hub_power.h"
#include "adapters/network.h"
#include "adapters/process_life.h"
#include "adapters/systemd.h"
#include "adapters/vip_probe.h"
#include "base/error.h"
#include "core/config.h"
#include "core/host_history.h"
#include "core/lifecycle.h"
#include "core/vrrp.h"
#include "pizwgd/gateway.h"
#include "pizwgd/operator_orders.h"
#include "pizwgd/peers.h"
#include "pizwgd/reports.h"
#include "pizwgd/run_folder.h"
#include "pizwgd/sessions.h"

namespace pizwg {

class Supervisor {
 public:
  // `root`: the folder under which the identity is looked for, normally "/".
  Supervisor(asio::io_context& io, Config config, std::filesystem::path root, RunFolder run_folder);

  // Serves until it is told to stop. An error is something that waiting does not mend, e.g. a port in use.
  Result<void> run();

 private:
  void begin_lifecycle();
  void happened(Event event);
  void carry_on();
  void take(const Step& made, Event event);
  void log_change(const Lifecycle& before, Event event) const;
  void perform(Action action, Event event);
  void wait_for_deadline();

  void start_listening();
  void ask_for_vip();
  void restart_machine(Action how);
  void remember(bool proven);
  void set_veto(bool on);
  void set_maintenance(bool on);
  void give_up(Result<void> outcome);

  void look_for_gateway_soon();
  std::optional<std::chrono::milliseconds> look_interval() const;
  void look_for_gateway();
  void gateway_opened();
  void gateway_lost();
  void hub_failed(Power wanted, const Error& why);

  void network_changed();
  void say_whether_connected();
  bool has_network() const;
  bool is_fit() const;
  void use_network(const NetworkState& network);
  void tell_keepalived();
  void watch_election();

  void follow_master();
  void peers_changed();

  void report_status();
  HostStatus look(const Now& now) const;
  ClusterStatus look_at_cluster() const;
  std::string describe_state() const;

  asio::io_context& io_;
  const Config config_;
  const RunFolder run_folder_;
  const LifecyclePolicy policy_;
  Lifecycle lifecycle_;
  std::deque<Event> events_;
  bool in_step_ = false;

  Reports reports_;
  HostHistory history_;
  ProcessLife life_;
  Gateway gateway_;
  Sessions sessions_;
  HubPower hub_;
  Election election_;
  NetworkWatch network_watch_;
  Systemd systemd_;
  VipProbe vip_probe_;
  OperatorOrders orders_;
  Peers peers_;
  asio::steady_timer deadline_timer_;
  asio::steady_timer look_timer_;
  asio::steady_timer election_timer_;
  std::optional<ElectionSettings> election_settings_;
  Error network_trouble_;
  bool connected_ = true;             // as far as it was said
  bool keepalived_knows_ = false;     // it has been told of these settings
  bool keepalived_started_ = false;   // by us, once
  bool election_is_watched_ = false;  // it holds a VIP that it should not
  bool gateway_is_open_ = false;
  bool gateway_was_visible_ = false;
  Result<void> outcome_;
};

}  // namespace pizwg
