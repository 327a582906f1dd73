#pragma once
// What the operator asks the daemon for through `pizwg`: handover, maintenance, proof. Turns orders into
// events, and answers when their outcome is known. One order at a time; questions are answered at any time.
//
// A question is a line of words ("handover force"). The answer's first line is "done" or "failed"; what
// follows is for people: what came of it, or error and hint, a line each.

#include <chrono>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <asio/io_context.hpp>
#include <asio/steady_timer.hpp>

#include "adapters/control_server.h"
#include "base/error.h"
#include "core/lifecycle.h"

namespace pizwg {

class OperatorOrders {
 public:
  struct Handlers {
    std::function<void(Event)> happened;
    std::function<void(bool)> set_maintenance;
    std::function<std::vector<std::string>()> fit_hosts;  // the others, by name
    // What is said to a question that changes nothing; empty when it is none of these.
    std::function<std::optional<std::string>(const std::string&)> answer;
  };

  OperatorOrders(asio::io_context& io, std::filesystem::path socket, Handlers handlers);

  // Errors: not our folder, out of descriptors.
  Result<void> listen();

  void state_changed(const Lifecycle& lifecycle);
  // What the host is called that serves; empty when none is known.
  void master_found(const std::string& name);

 private:
  enum class Order { none, handover, darkness, proof, maintenance };

  void hear(const std::string& line, ControlServer::Answer answer);
  void order_handover(bool forced, bool until_dark);
  void order_maintenance(bool on);
  void order_proof(bool forced);
  void begin(Order order, Event event);
  void look_at_outcome();
  void look_at_handover();
  void look_at_proof();
  void done(const std::string& text);
  void failed(const Error& why);
  std::string seconds_so_far() const;

  asio::io_context& io_;
  const std::filesystem::path socket_;
  Handlers handlers_;
  asio::steady_timer limit_;
  std::unique_ptr<ControlServer> server_;
  ControlServer::Answer answer_;
  Order order_ = Order::none;
  bool left_ = false;  // the state that the order was given in
  std::string master_;
  std::chrono::steady_clock::time_point ordered_at_;
  Lifecycle lifecycle_;
};

}  // namespace pizwg
