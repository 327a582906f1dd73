#include "pizwgd/service.h"

#include <utility>

#include "adapters/clocks.h"
#include "adapters/host_name.h"
#include "adapters/machine_facts.h"
#include "adapters/service_manager.h"
#include "base/log.h"

namespace pizwg {

Service::Service(asio::io_context& io, Config config, std::filesystem::path root)
    : io_(io),
      config_(std::move(config)),
      run_folder_(root / "run/pizwg"),
      reports_(io, Reports::settings_for(config_, run_folder_, root),
               [this](const Now& now) { return look(now); }),
      life_(io,
            {.told_to_stop = [this] { stop(); }, .told_to_reread = [this] { sessions_.reread_identity(); }}),
      gateway_(io, {.device = config_.device, .baud = config_.baud, .grace = config_.gateway_grace},
               {.opened = [this] { gateway_opened(); },
                .left = [this] { report_status(); },
                .lost = [this] { gateway_lost(); }},
               reports_.record()),
      sessions_(io, config_, std::move(root), gateway_,
                {.identity_appeared = [this] { listen_if_fit(); },
                 .identity_missing = [this] { report_status(); },
                 .started = [this] { report_status(); },
                 .ended = [this] { report_status(); },
                 .superseded = [this] { report_status(); }},
                reports_.record()) {}

Result<void> Service::run() {
  std::error_code ignored;  // what cannot be written is said then
  std::filesystem::create_directories(run_folder_, ignored);
  answer_questions();
  life_.start();
  sessions_.start();
  gateway_.start();
  // Also without a gateway: the machine's start does not wait for somebody to plug it in. The status says
  // what is missing.
  service_manager::ready();
  io_.run();
  return outcome_;
}

void Service::gateway_opened() {
  gateway_is_lost_ = false;
  gateway_was_open_ = true;
  sessions_.gateway_opened();
  listen_if_fit();
}

void Service::gateway_lost() {
  gateway_is_lost_ = true;
  sessions_.end(SessionEnd::gateway_lost);
  sessions_.stop_listening();
  report_status();
}

void Service::listen_if_fit() {
  if (sessions_.has_identity() && !gateway_is_lost_) {
    if (const auto listening = sessions_.listen(); !listening) {
      outcome_ = listening;
      return stop();
    }
  }
  report_status();
}

void Service::report_status() {
  if (const std::string said = sessions_.description(); !said.empty()) {
    service_manager::status(said);
  } else if (gateway_is_lost_) {
    service_manager::status("no gateway: " + gateway_.description());
  } else {
    service_manager::status("ready, gateway " + gateway_.description());
  }
  if (std::exchange(told_state_, state()) != told_state_) since_ = read_clocks().steady;
  reports_.changed();
}

// --- what it tells of itself

void Service::answer_questions() {
  auto control = ControlServer::open(
      io_, run_folder_ / "control", [this](const std::string& line, const ControlServer::Answer& answer) {
        const auto said = reports_.answer(line);
        answer(said ? "done\n" + *said
                    : "failed\nthis host is standalone: there is nothing to hand over or to switch\n");
      });
  if (control) {
    control_ = std::move(*control);
  } else {
    log::warning("pizwg status will not work: " + control.error().what, {{"hint", control.error().hint}});
  }
}

// A standalone host has no lifecycle; these are the nearest words of it.
State Service::state() const {
  if (stopping_) return State::stopped;
  if (!sessions_.has_identity()) return State::unprovisioned;
  if (gateway_is_lost_) return State::faulty;
  return sessions_.has_session() ? State::serving : State::ready;
}

HostStatus Service::look(const Now& now) {
  HostStatus status{.name = host_name(), .version = PIZWG_VERSION, .told = now.wall, .state = state()};
  if (gateway_is_lost_) status.fault = gateway_was_open_ ? Fault::gateway_lost : Fault::no_gateway;
  status.fit = status.state == State::ready || status.state == State::serving;
  status.since = now.of(since_);
  status.gateway = gateway_.status();
  status.gateway.proven = status.gateway.open;
  status.session = sessions_.session_status(now);
  tell_record(status, reports_.record(), now);
  status.sessions = sessions_.counts();
  status.certificates = sessions_.certificates();
  status.machine = read_machine_status();
  return status;
}

void Service::stop() {
  service_manager::stopping();
  stopping_ = true;
  sessions_.end(SessionEnd::shutdown);
  sessions_.stop_listening();
  reports_.finish();
  io_.stop();
}

}  // namespace pizwg
