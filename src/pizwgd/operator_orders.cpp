#include "pizwgd/operator_orders.h"

#include <fmt/format.h>
#include <utility>

#include "base/log.h"
#include "base/text.h"

namespace pizwg {
namespace {

using Clock = std::chrono::steady_clock;

// A handover with a gateway that is slow to start takes about 15 s.
constexpr std::chrono::seconds outcome_limit{30};

// On the way to a state that says what came of an order.
bool is_transient(State state) {
  switch (state) {
    case State::proving:
    case State::darkening:
    case State::releasing:
    case State::yielding:
      return true;
    case State::unprovisioned:
    case State::standby:
    case State::taking_over:
    case State::waiting:
    case State::energising:
    case State::ready:
    case State::serving:
    case State::rebooting:
    case State::faulty:
    case State::maintenance:
    case State::stopped:
      return false;
  }
  return false;
}

std::string describe(const Lifecycle& lifecycle) {
  if (lifecycle.fault == Fault::none) return std::string(word_for(lifecycle.state));
  return fmt::format("{}, {}", word_for(lifecycle.state), word_for(lifecycle.fault));
}

}  // namespace

OperatorOrders::OperatorOrders(asio::io_context& io, std::filesystem::path socket, Handlers handlers)
    : io_(io), socket_(std::move(socket)), handlers_(std::move(handlers)), limit_(io) {}

Result<void> OperatorOrders::listen() {
  auto server = ControlServer::open(
      io_, socket_,
      [this](const std::string& line, ControlServer::Answer answer) { hear(line, std::move(answer)); });
  if (!server) return std::unexpected(server.error());
  server_ = std::move(*server);
  return {};
}

void OperatorOrders::hear(const std::string& line, ControlServer::Answer answer) {
  if (const auto said = handlers_.answer(line)) return answer("done\n" + *said);
  if (order_ != Order::none)
    return answer("failed\nanother order is being carried out\ntry again in a few seconds\n");
  answer_ = std::move(answer);
  if (line == "handover") return order_handover(false, false);
  if (line == "handover force") return order_handover(true, false);
  if (line == "handover force dark") return order_handover(true, true);
  if (line == "maintenance on") return order_maintenance(true);
  if (line == "maintenance off") return order_maintenance(false);
  if (line == "prove") return order_proof(false);
  if (line == "prove force") return order_proof(true);
  failed({.what = "pizwgd does not know the order " + in_quotes(line),
          .hint = "are pizwg and pizwgd of one version?"});
}

void OperatorOrders::order_handover(bool forced, bool until_dark) {
  if (!serves(lifecycle_.state)) {
    if (until_dark) return done("not master: " + describe(lifecycle_));
    return failed(
        {.what = "this host is not master: " + describe(lifecycle_), .hint = "type it on the master"});
  }
  const auto fit = handlers_.fit_hosts();
  if (fit.empty() && !forced) {
    return failed({.what = "no other host is fit to take over",
                   .hint = "pizwg handover --force gives up being master all the same"});
  }
  log::notice("handover ordered",
              {{"fit_hosts", std::to_string(fit.size())}, {"forced", forced ? "yes" : "no"}});
  begin(until_dark ? Order::darkness : Order::handover, Event::handover_ordered);
}

void OperatorOrders::order_maintenance(bool on) {
  if (on == lifecycle_.maintenance) {
    return done(on ? "this host is in maintenance already"
                   : "this host is not in maintenance: " + describe(lifecycle_));
  }
  log::notice(on ? "maintenance begins" : "maintenance ends");
  handlers_.set_maintenance(on);
  begin(Order::maintenance, on ? Event::maintenance_began : Event::maintenance_ended);
}

void OperatorOrders::order_proof(bool forced) {
  if (serves(lifecycle_.state)) {
    return failed({.what = "this host is master, so its gateway works or is about to be found out: " +
                           describe(lifecycle_),
                   .hint = {}});
  }
  if (lifecycle_.maintenance) {
    return failed({.what = "this host is in maintenance", .hint = "pizwg maintenance off"});
  }
  if (!master_.empty() && !forced) {
    return failed(
        {.what = fmt::format("{} is master: for a second or two both gateways would be on the air", master_),
         .hint = "pizwg prove --force does it all the same"});
  }
  log::notice("proof ordered");
  begin(Order::proof, Event::proof_ordered);
}

void OperatorOrders::begin(Order order, Event event) {
  order_ = order;
  left_ = false;
  master_.clear();
  ordered_at_ = Clock::now();
  limit_.expires_after(outcome_limit);
  limit_.async_wait([this](const asio::error_code& error) {
    if (error) return;
    failed({.what = fmt::format("no outcome within {} s: {}", outcome_limit.count(), describe(lifecycle_)),
            .hint = "journalctl -u pizwgd says what it does"});
  });
  handlers_.happened(event);
  // An order that changes nothing has its outcome already.
  left_ = true;
  look_at_outcome();
}

void OperatorOrders::state_changed(const Lifecycle& lifecycle) {
  lifecycle_ = lifecycle;
  if (serves(lifecycle.state)) master_.clear();
  look_at_outcome();
}

void OperatorOrders::master_found(const std::string& name) {
  master_ = name;
  look_at_outcome();
}

void OperatorOrders::look_at_outcome() {
  if (order_ == Order::none || !left_) return;
  if (is_transient(lifecycle_.state)) return;
  switch (order_) {
    case Order::none:
      return;
    case Order::darkness:
      return done("dark: " + describe(lifecycle_));
    case Order::handover:
      return look_at_handover();
    case Order::proof:
      return look_at_proof();
    case Order::maintenance:
      return done(describe(lifecycle_));
  }
}

void OperatorOrders::look_at_handover() {
  if (!master_.empty())
    return done(fmt::format("handed over in {}: {} is master", seconds_so_far(), master_));
  if (lifecycle_.state != State::ready && lifecycle_.state != State::serving &&
      lifecycle_.state != State::waiting)
    return;
  failed({.what = fmt::format("no other host took over: after {} this one is master again", seconds_so_far()),
          .hint = "pizwg status on the other hosts says why"});
}

void OperatorOrders::look_at_proof() {
  if (lifecycle_.proven) return done(fmt::format("the gateway works: {}", describe(lifecycle_)));
  failed({.what = "the gateway does not work: " + describe(lifecycle_),
          .hint = "journalctl -u pizwgd says what was tried"});
}

std::string OperatorOrders::seconds_so_far() const {
  return fmt::format("{:.1f} s", std::chrono::duration<double>(Clock::now() - ordered_at_).count());
}

void OperatorOrders::done(const std::string& text) {
  order_ = Order::none;
  limit_.cancel();
  std::exchange(answer_, nullptr)(fmt::format("done\n{}\n", text));
}

void OperatorOrders::failed(const Error& why) {
  order_ = Order::none;
  limit_.cancel();
  std::exchange(answer_, nullptr)(fmt::format("failed\n{}\n{}\n", why.what, why.hint));
}

}  // namespace pizwg
