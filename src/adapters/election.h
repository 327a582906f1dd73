#pragma once
// Whether this host is master. keepalived elects; its word alone is not enough, as it may be dead, frozen or
// mistaken. So master is: its last notice says so, its VRRP process lives and moves, and the VIP is on an
// interface that has carrier. And the veto, by which this host declares itself unfit.

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>

#include <asio/io_context.hpp>
#include <asio/posix/stream_descriptor.hpp>
#include <asio/steady_timer.hpp>

#include "base/error.h"
#include "base/lifetime.h"
#include "core/network_state.h"
#include "core/vrrp.h"

namespace pizwg {

class Election {
 public:
  struct Handlers {
    std::function<void()> became_master;
    std::function<void()> lost_master;
    std::function<void()> frozen;  // its VRRP process has not moved for longer than a master may be silent
    std::function<void()> came_or_went;  // its VRRP process: keepalived_lives() is another
  };

  Election(asio::io_context& io, ElectionPaths paths, Handlers handlers);

  // Makes the FIFO where there is none, and reads what waits in it. Errors: not our folder, out of
  // descriptors.
  Result<void> start();

  // What keepalived reads; it acts within milliseconds. Errors: a full or foreign file system.
  Result<void> set_veto() { return write_veto(true); }
  Result<void> clear_veto() { return write_veto(false); }

  // How the network is now. Without settings nobody can be master.
  void network_is(const NetworkState& network, const std::optional<ElectionSettings>& settings);

  bool is_master() const { return master_; }
  // The interface is there, and something is at the other end of its cable.
  bool is_connected() const { return connected_; }
  bool holds_vip() const { return vip_present_; }
  bool keepalived_lives() const { return vrrp_.is_open(); }
  VrrpState notice() const { return notice_; }

 private:
  Result<void> write_veto(bool on);
  void read_notices();
  void take_lines();
  void watch_process();
  void process_ended();
  void look_whether_it_moves();
  void judge();

  ElectionPaths paths_;
  Handlers handlers_;
  asio::posix::stream_descriptor notices_;
  asio::posix::stream_descriptor vrrp_;  // a pidfd
  asio::steady_timer look_timer_;
  std::string partial_line_;
  VrrpState notice_ = VrrpState::unknown;
  int pid_ = 0;
  std::uint64_t moves_ = 0;  // how often the process had slept by the last look
  std::chrono::steady_clock::time_point moved_at_;
  std::chrono::steady_clock::time_point look_due_;
  bool frozen_ = false;
  bool vetoed_ = true;
  bool connected_ = false;
  bool vip_present_ = false;
  bool master_ = false;
  Lifetime process_;  // of the present VRRP process
  Lifetime lifetime_;
};

// The veto, for who has no event loop: pizwgd --power-off.
Result<void> set_veto(const std::filesystem::path& veto);

}  // namespace pizwg
