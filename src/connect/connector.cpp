#include "connect/connector.h"

#include <fmt/format.h>
#include <system_error>
#include <utility>

#include "adapters/service_manager.h"
#include "base/file.h"
#include "base/log.h"
#include "base/text.h"

namespace pizwg {
namespace {

// The node exporter is asked every 15 s to 60 s.
constexpr std::chrono::seconds metrics_interval{15};
// Whoever waits for us wants the port, not the host, which may be away for long.
constexpr std::chrono::seconds ready_limit{3};

}  // namespace

ClientIdentityFiles identity_files(const ConnectConfig& config) {
  return {.server_certificate = config.server_certificate,
          .client_pem = config.client_pem,
          .bundle = config.bundle,
          .client = config.client};
}

Connector::Connector(asio::io_context& io, ConnectConfig config, TlsContext identity,
                     std::filesystem::path control)
    : io_(io),
      config_(std::move(config)),
      control_(std::move(control)),
      life_(io, {.told_to_stop = [this] { stop(); }, .told_to_reread = [this] { reread_identity(); }}),
      relay_(io, config_.framing, [this](const IoOutcome& outcome) { uplink_.broke(outcome); }),
      applications_(io, {.arrived =
                             [this](Endpoint& endpoint) {
                               relay_.attach(endpoint);
                               tell();
                             },
                         .leaving =
                             [this](Endpoint&) {
                               relay_.detach_application();
                               tell();
                             }}),
      uplink_(io, config_.hosts, std::move(identity),
              {.connected = [this](TlsConnection& server) { connected(server); },
               .disconnected = [this] { disconnected(); },
               .changed =
                   [this] {
                     ready();
                     tell();
                   },
               .hopeless = [this](const Error& error) { give_up(error); }}),
      ready_timer_(io),
      hangup_timer_(io),
      metrics_timer_(io) {}

Result<void> Connector::run() {
  if (auto opened = open(); !opened) return opened;
  life_.start();
  uplink_.start();
  ready_timer_.expires_after(ready_limit);
  ready_timer_.async_wait([this](const asio::error_code& error) {
    if (!error) ready();
  });
  tell();
  keep_metrics();
  io_.run();
  if (hopeless_) return std::unexpected(*hopeless_);
  return {};
}

// With the port there, and the first attempt's outcome known: what needs somebody is then an error of the
// start, which `systemctl start` shows to who typed it.
void Connector::ready() {
  ready_timer_.cancel();
  if (!std::exchange(ready_, true)) service_manager::ready();
}

void Connector::give_up(const Error& error) {
  hopeless_ = error;
  stop();
}

Result<void> Connector::open() {
  if (auto opened = applications_.open(config_); !opened) return opened;
  return control_.empty() ? Result<void>() : answer_questions();
}

Result<void> Connector::answer_questions() {
  std::error_code ignored;
  if (std::filesystem::exists(control_, ignored) && !std::filesystem::is_socket(control_, ignored)) {
    return fail(
        fmt::format("cannot listen on {}: something else is in its place", in_quotes(control_.native())),
        "choose another path, or remove what is there");
  }
  auto server = ControlServer::open(io_, control_,
                                    [this](const std::string& line, const ControlServer::Answer& answer) {
                                      answer(line == "json" ? as_json(report()) : for_people(report()));
                                    });
  if (!server) return std::unexpected(server.error());
  questions_ = *std::move(server);
  return {};
}

void Connector::connected(TlsConnection& server) {
  hangup_timer_.cancel();
  relay_.attach(server);
}

void Connector::disconnected() {
  relay_.detach_server();
  outage_began();
}

void Connector::outage_began() {
  if (config_.on_outage == OnOutage::hangup) return applications_.hang_up();
  if (config_.hangup_after.count() == 0) return;
  hangup_timer_.expires_after(config_.hangup_after);
  hangup_timer_.async_wait([this](const asio::error_code& error) {
    if (!error) applications_.hang_up();
  });
}

void Connector::reread_identity() {
  auto identity = load_client_identity(identity_files(config_));
  if (!identity) {
    log::error("the certificates stay what they were: " + identity.error().what,
               {{"hint", identity.error().hint}});
    return;
  }
  log::notice("certificates read again");
  uplink_.use(*std::move(identity));
}

void Connector::stop() {
  uplink_.stop();
  io_.stop();
}

Report Connector::report() {
  const Endpoint* application = relay_.application();
  return {.uplink = uplink_.state(),
          .bytes = relay_.counters(),
          .application = application != nullptr ? application->name() : std::string()};
}

void Connector::tell() {
  service_manager::status(sentence(report()));
  write_metrics();
}

void Connector::keep_metrics() {
  if (config_.metrics_file.empty()) return;
  metrics_timer_.expires_after(metrics_interval);
  metrics_timer_.async_wait([this](const asio::error_code& error) {
    if (error) return;
    write_metrics();
    keep_metrics();
  });
}

void Connector::write_metrics() {
  if (config_.metrics_file.empty()) return;
  const auto written = replace_file(config_.metrics_file, as_metrics(report()), 0644);
  if (!written && !metrics_failed_)
    log::error("no metrics: " + written.error().what, {{"hint", written.error().hint}});
  metrics_failed_ = !written;
}

}  // namespace pizwg
