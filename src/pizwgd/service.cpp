#include "pizwgd/service.h"

#include <utility>

#include "adapters/service_manager.h"

namespace pizwg {

Service::Service(asio::io_context& io, Config config, std::filesystem::path root)
    : io_(io),
      config_(std::move(config)),
      life_(io,
            {.told_to_stop = [this] { stop(); }, .told_to_reread = [this] { sessions_.reread_identity(); }}),
      gateway_(io, {.device = config_.device, .baud = config_.baud, .grace = config_.gateway_grace},
               {.opened = [this] { gateway_opened(); },
                .left = [this] { report_status(); },
                .lost = [this] { gateway_lost(); }}),
      sessions_(io, config_, std::move(root), gateway_,
                {.identity_appeared = [this] { listen_if_fit(); },
                 .identity_missing = [this] { report_status(); },
                 .started = [this] { report_status(); },
                 .ended = [this] { report_status(); }}) {}

Result<void> Service::run() {
  life_.start();
  sessions_.start();
  gateway_.start();
  // Also without a gateway: the machine's start does not wait for somebody to plug it in. The status says what is missing.
  service_manager::ready();
  io_.run();
  return outcome_;
}

void Service::gateway_opened() {
  gateway_is_lost_ = false;
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
}

void Service::stop() {
  service_manager::stopping();
  sessions_.end(SessionEnd::shutdown);
  sessions_.stop_listening();
  io_.stop();
}

}  // namespace pizwg
