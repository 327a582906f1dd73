#include "pizwgd/supervisor.h"

#include <fmt/format.h>
#include <tuple>
#include <utility>

#include "adapters/clocks.h"
#include "adapters/host_name.h"
#include "adapters/machine_facts.h"
#include "adapters/service_manager.h"
#include "base/file.h"
#include "base/log.h"
#include "pizwgd/hub_settings.h"

namespace pizwg {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

// While the gateway is awaited the clone is on the air: every millisecond counts. In the dark a gateway that
// has power all the same is a fault to be shown, and a minute sooner or later does no more harm.
constexpr milliseconds eager_look{20};
constexpr milliseconds patient_look{1000};

// keepalived lets the VIP go milliseconds after the veto. When it has not after this, it is ill.
constexpr milliseconds veto_limit{2000};
constexpr std::size_t largest_configuration = 64 * 1024;

LifecyclePolicy policy_of(const Config& config, const RunFolder& run_folder) {
  LifecyclePolicy policy;
  policy.after_session = config.after_session;
  policy.energise = config.energise;
  policy.gateway_limit = config.gateway_limit;
  policy.booted_at = run_folder.booted_at();
  return policy;
}

}  // namespace

Supervisor::Supervisor(asio::io_context& io, Config config, std::filesystem::path root, RunFolder run_folder)
    : io_(io),
      config_(std::move(config)),
      run_folder_(std::move(run_folder)),
      policy_(policy_of(config_, run_folder_)),
      reports_(io, Reports::settings_for(config_, run_folder_.path(), root),
               [this](const Now& now) { return look(now); }),
      history_(reports_.record()),
      life_(io, {.told_to_stop = [this] { happened(Event::stop_ordered); },
                 .told_to_reread = [this] { sessions_.reread_identity(); }}),
      gateway_(io, {.device = config_.device, .baud = config_.baud, .grace = config_.gateway_grace},
               {.opened = [this] { gateway_opened(); },
                .left = [this] { report_status(); },
                .lost = [this] { gateway_lost(); }},
               reports_.record()),
      sessions_(
          io, config_, std::move(root), gateway_,
          {.identity_appeared = [this] { happened(Event::identity_appeared); },
           .identity_missing = [this] { report_status(); },
           .started = [this] { happened(Event::client_authenticated); },
           .ended = [this] { happened(Event::session_ended); },
           .superseded = [this] { report_status(); },
           .host_connected = [this](std::unique_ptr<TlsConnection> host) { peers_.accept(std::move(host)); }},
          reports_.record()),
      hub_(io, hub_settings(config_, run_folder_), [this] { return gateway_.gone(); },
           {.turned_on = [this] { happened(Event::hub_turned_on); },
            .proven_off = [this] { happened(Event::hub_proven_off); },
            .failed = [this](Power wanted, const Error& why) { hub_failed(wanted, why); }}),
      election_(io, run_folder_.election(),
                {.became_master = [this] { happened(Event::became_master); },
                 .lost_master = [this] { happened(Event::lost_master); },
                 .frozen = [this] { systemd_.kill_keepalived(); },
                 .came_or_went =
                     [this] {
                       follow_master();
                       report_status();
                     }}),
      network_watch_(io, [this] { network_changed(); }),
      systemd_(io),
      vip_probe_(io),
      orders_(io, run_folder_.control(),
              {.happened = [this](Event event) { happened(event); },
               .set_maintenance = [this](bool on) { set_maintenance(on); },
               .fit_hosts = [this] { return peers_.fit_hosts(); },
               .answer = [this](const std::string& question) { return reports_.answer(question); }}),
      peers_(io, config_.port,
             {.identity = [this] { return sessions_.identity(); }, .changed = [this] { peers_changed(); }}),
      deadline_timer_(io),
      look_timer_(io),
      election_timer_(io) {
  if (!hub_.usb_path().empty()) gateway_.was_at(hub_.usb_path());
}

Result<void> Supervisor::run() {
  if (const auto prepared = run_folder_.prepare(); !prepared) return prepared;
  life_.start();
  // Before the lifecycle begins, which asks whether keepalived runs already and has to be told anything.
  if (const auto started = election_.start(); !started) return started;
  begin_lifecycle();
  if (const auto started = network_watch_.start(); !started) return started;
  if (const auto listening = orders_.listen(); !listening) return listening;
  network_changed();
  service_manager::ready();
  io_.run();
  return outcome_;
}

void Supervisor::begin_lifecycle() {
  in_step_ = true;
  sessions_.start();  // the identity decides where the lifecycle begins
  events_.clear();
  const Beginning found{.memory = run_folder_.memory(),
                        .identity = sessions_.has_identity(),
                        .maintenance = run_folder_.maintenance()};
  log::notice("started", {{"after_session", std::string(word_for(policy_.after_session))},
                          {"energise", std::string(word_for(policy_.energise))},
                          {"hub", hub_.where() ? describe(*hub_.where()) : config_.hub}});
  take(begin(policy_, found, Clock::now()), Event::deadline_passed);
  in_step_ = false;
  carry_on();
}

// An action may have an effect at once, which is an event: it waits until the step that ordered it is
// complete.
void Supervisor::happened(Event event) {
  events_.push_back(event);
  if (!in_step_) carry_on();
}

void Supervisor::carry_on() {
  in_step_ = true;
  while (!events_.empty()) {
    const Event next = events_.front();
    events_.pop_front();
    take(step(policy_, lifecycle_, next, Clock::now()), next);
  }
  in_step_ = false;
}

void Supervisor::take(const Step& made, Event event) {
  const Lifecycle before = std::exchange(lifecycle_, made.next);
  log_change(before, event);
  history_.stepped(before, event, lifecycle_, read_clocks());
  for (const Action action : made.actions) perform(action, event);
  wait_for_deadline();
  watch_election();
  if (before.identity != lifecycle_.identity) network_changed();  // keepalived waits for it
  orders_.state_changed(lifecycle_);
  follow_master();
  report_status();
}

void Supervisor::log_change(const Lifecycle& before, Event event) const {
  if (before.state == lifecycle_.state && before.since == lifecycle_.since) return;
  log::notice("state changed", {{"from", std::string(word_for(before.state))},
                                {"to", std::string(word_for(lifecycle_.state))},
                                {"event", std::string(word_for(event))},
                                {"fault", std::string(word_for(lifecycle_.fault))}});
}

void Supervisor::perform(Action action, Event event) {
  switch (action) {
    case Action::end_session:
      return sessions_.end(session_end_by(event));
    case Action::stop_listening:
      return sessions_.stop_listening();
    case Action::close_gateway:
      gateway_is_open_ = false;
      return gateway_.close();
    case Action::turn_hub_off:
      return hub_.turn_off();
    case Action::set_veto:
      return set_veto(true);
    case Action::soft_reboot:
    case Action::reboot:
      return restart_machine(action);
    case Action::clear_veto:
      return set_veto(false);
    case Action::turn_hub_on:
      return hub_.turn_on();
    case Action::open_gateway:
      return gateway_.start();
    case Action::start_listening:
      return start_listening();
    case Action::ask_for_vip:
      return ask_for_vip();
    case Action::remember_proof:
      return remember(true);
    case Action::forget_proof:
      return remember(false);
    case Action::end_daemon:
      return give_up({});
  }
}

void Supervisor::wait_for_deadline() {
  look_for_gateway_soon();
  if (lifecycle_.deadline == TimePoint::max()) {
    deadline_timer_.cancel();
    return;
  }
  deadline_timer_.expires_at(lifecycle_.deadline);
  deadline_timer_.async_wait([this](const asio::error_code& error) {
    if (!error) happened(Event::deadline_passed);
  });
}

// It could not serve: another host can, so this one ends, dark and vetoed, and systemd starts it anew.
void Supervisor::start_listening() {
  if (const auto listening = sessions_.listen(); !listening) {
    outcome_ = listening;
    happened(Event::stop_ordered);
  }
}

void Supervisor::ask_for_vip() {
  if (!election_settings_) return;  // no network: nobody could be reached; the deadline asks again
  if (peers_.master() != nullptr) return happened(Event::vip_held);
  vip_probe_.ask(election_settings_->vip.text(), config_.port, [this](VipAnswer answer) {
    if (answer != VipAnswer::silent) return happened(Event::vip_held);
    // Without a cable nobody is heard, whoever speaks: no answer, and the deadline asks again.
    if (election_.is_connected()) happened(Event::vip_free);
  });
}

void Supervisor::restart_machine(Action how) {
  const auto refused = [this](const Error& why) {
    log::error("systemd did not restart the machine: " + why.what, {{"hint", why.hint}});
    happened(Event::reboot_refused);
  };
  log::notice("restarting the machine", {{"how", std::string(word_for(how))}});
  if (how == Action::reboot) return systemd_.reboot(refused);
  if (const auto noted = run_folder_.note_soft_reboot(Clock::now()); !noted) {
    // The next start would not know, and could do it again at once.
    return refused(noted.error());
  }
  systemd_.soft_reboot(refused);
}

void Supervisor::remember(bool proven) {
  if (const auto done = run_folder_.remember(proven); !done) log::error(done.error().what);
}

// A veto that cannot be written is as if this host were fit when it is not: keepalived sees a file that is
// gone or unchanged. Better to end: systemd's next start begins with a new one.
void Supervisor::set_veto(bool on) {
  const auto done = on ? election_.set_veto() : election_.clear_veto();
  if (done) return;
  log::error("cannot tell keepalived: " + done.error().what);
  if (on) give_up(done);
}

void Supervisor::set_maintenance(bool on) {
  if (const auto done = run_folder_.set_maintenance(on); !done) log::error(done.error().what);
}

// The first reason is the one to be told.
void Supervisor::give_up(Result<void> outcome) {
  if (outcome_) outcome_ = std::move(outcome);
  reports_.finish();
  io_.stop();
}

// --- the gateway

// In states that nobody opens it in, it is looked for: awaited, or not wanted.
void Supervisor::look_for_gateway_soon() {
  look_timer_.cancel();
  const auto interval = look_interval();
  if (!interval) return;
  look_timer_.expires_after(*interval);
  look_timer_.async_wait([this](const asio::error_code& error) {
    if (!error) look_for_gateway();
  });
}

std::optional<milliseconds> Supervisor::look_interval() const {
  switch (lifecycle_.state) {
    case State::proving:
      return eager_look;
    case State::unprovisioned:
    case State::standby:
    case State::waiting:
    case State::faulty:
      if (config_.hub == "none") return std::nullopt;  // it is always there
      return patient_look;
    case State::darkening:  // the hub's adapter looks
    case State::releasing:
    case State::taking_over:
    case State::yielding:
    case State::rebooting:
    case State::energising:  // it is opened, which says more
    case State::ready:
    case State::serving:
    case State::maintenance:
    case State::stopped:
      return std::nullopt;
  }
  return std::nullopt;
}

void Supervisor::look_for_gateway() {
  const bool visible = gateway_.visible();
  const bool appeared = visible && (lifecycle_.state == State::proving || !gateway_was_visible_);
  gateway_was_visible_ = visible;
  if (appeared) {
    log::notice("gateway seen", {{"device", gateway_.node()},
                                 {"usb", gateway_.usb_path().value_or("none")},
                                 {"state", std::string(word_for(lifecycle_.state))}});
    if (gateway_.usb_path()) hub_.found(*gateway_.usb_path());
    return happened(Event::gateway_seen);
  }
  look_for_gateway_soon();
}

void Supervisor::gateway_opened() {
  gateway_is_open_ = true;
  if (gateway_.usb_path()) hub_.found(*gateway_.usb_path());
  sessions_.gateway_opened();
  happened(Event::gateway_opened);
}

// Also said of a gateway that is not there at the first look, which says nothing: it has just got power.
void Supervisor::gateway_lost() {
  report_status();
  if (!std::exchange(gateway_is_open_, false)) return;
  happened(Event::gateway_lost);
}

void Supervisor::hub_failed(Power wanted, const Error& why) {
  log::error(fmt::format("the hub was not turned {}: {}", wanted == Power::on ? "on" : "off", why.what),
             {{"hint", why.hint}});
  happened(Event::hub_failed);
}

// --- the network and keepalived

void Supervisor::network_changed() {
  const auto network = read_network();
  if (!network) return log::error(network.error().what);
  const auto seen = [this] { return std::tuple(has_network(), election_.holds_vip(), election_settings_); };
  const auto before = seen();
  use_network(*network);
  election_.network_is(*network, election_settings_);
  say_whether_connected();
  watch_election();
  follow_master();
  if (seen() != before) report_status();  // a network has much to say that is nobody's business
}

void Supervisor::say_whether_connected() {
  if (!election_settings_) return;  // that was said already
  if (std::exchange(connected_, election_.is_connected()) == connected_) return;
  if (connected_)
    return log::notice("network to be elected in", {{"interface", election_settings_->interface}});
  log::warning("no network to be elected in: no carrier",
               {{"interface", election_settings_->interface}, {"hint", "is the cable plugged in?"}});
}

bool Supervisor::has_network() const {
  return election_settings_ && network_trouble_.what.empty() && election_.is_connected();
}

// Whoever cannot be elected could not take over, however good its gateway is.
bool Supervisor::is_fit() const {
  return fit(lifecycle_) && has_network() && election_.keepalived_lives();
}

// Without a network the last settings stay: keepalived sees for itself that it has none.
void Supervisor::use_network(const NetworkState& network) {
  const auto settings = election_settings(config_, network);
  if (!settings) {
    if (std::exchange(network_trouble_, settings.error()) == settings.error()) return;
    return log::warning("no network to be elected in: " + settings.error().what,
                        {{"hint", settings.error().hint}});
  }
  network_trouble_ = {};
  if (std::exchange(election_settings_, *settings) != *settings) {
    log::notice("network", {{"interface", settings->interface},
                            {"address", settings->address.text()},
                            {"vip", settings->vip.text()},
                            {"priority", std::to_string(settings->priority)}});
    keepalived_knows_ = false;
  }
  if (lifecycle_.identity && !std::exchange(keepalived_knows_, true)) tell_keepalived();
}

// Nothing when it runs with these settings already: we have been started anew, and it has not.
void Supervisor::tell_keepalived() {
  const auto rendered = read_file(run_folder_.election().configuration, largest_configuration);
  const bool same = rendered && *rendered == render_keepalived(*election_settings_, run_folder_.election());
  const bool first = !std::exchange(keepalived_started_, true);
  if (election_.keepalived_lives() && same) return;
  if (first && !election_.keepalived_lives()) return systemd_.start_keepalived();
  systemd_.reload_keepalived();
}

// Vetoed, it must let the VIP go, which it does within milliseconds; and who holds it without a word (we were
// started anew while it was frozen) would never be master. Nobody else would notice.
void Supervisor::watch_election() {
  const bool vetoed = posture(policy_, lifecycle_.state).veto;
  const bool ill = election_.holds_vip() && (vetoed || !election_.is_master());
  if (std::exchange(election_is_watched_, ill) == ill) return;
  election_timer_.cancel();
  if (!ill) return;
  election_timer_.expires_after(veto_limit);
  election_timer_.async_wait([this](const asio::error_code& error) {
    if (error) return;
    log::error("keepalived holds the VIP although this host is not master: it is restarted");
    systemd_.restart_keepalived();
    election_is_watched_ = false;
    watch_election();
  });
}

// --- the other hosts

void Supervisor::follow_master() {
  peers_.tell({.name = host_name(), .state = std::string(word_for(lifecycle_.state)), .fit = is_fit()});
  const bool somebody_else = election_settings_ && lifecycle_.identity && !lifecycle_.master;
  peers_.look_for_master_at(somebody_else ? std::optional(election_settings_->vip) : std::nullopt);
}

void Supervisor::peers_changed() {
  const HostSummary* master = peers_.master();
  orders_.master_found(master == nullptr ? "" : master->name);
  report_status();
}

// --- words

void Supervisor::report_status() {
  service_manager::status(describe_state());
  reports_.changed();
}

HostStatus Supervisor::look(const Now& now) const {
  HostStatus status{.name = host_name(), .version = PIZWG_VERSION, .told = now.wall};
  tell_lifecycle(status, lifecycle_, now);
  status.fit = is_fit();
  status.cluster = look_at_cluster();
  const bool proven = status.gateway.proven;
  status.gateway = gateway_.status();
  status.gateway.proven = proven;
  status.session = sessions_.session_status(now);
  tell_record(status, reports_.record(), now);
  status.sessions = sessions_.counts();
  status.certificates = sessions_.certificates();
  status.machine = read_machine_status();
  return status;
}

ClusterStatus Supervisor::look_at_cluster() const {
  const Posture asked = posture(policy_, lifecycle_.state);
  ClusterStatus cluster{.master = lifecycle_.master,
                        .vip_held = election_.holds_vip(),
                        .veto = asked.veto,
                        .keepalived_running = election_.keepalived_lives(),
                        .hub_switchable = config_.hub != "none",
                        .hub = hub_.where() ? describe(*hub_.where()) : "",
                        .hub_powered = asked.hub == Posture::Hub::on,
                        .peers = peers_.hosts()};
  cluster.hub_proven_off = cluster.hub_switchable && asked.hub == Posture::Hub::off &&
                           lifecycle_.fault != Fault::hub_stuck && !gateway_was_visible_;
  if (has_network()) {
    cluster.vip = election_settings_->vip.text();
    cluster.interface = election_settings_->interface;
    cluster.address = election_settings_->address.text();
  }
  if (const HostSummary* master = peers_.master()) {
    cluster.master_name = master->name;
    cluster.peers = {*master};  // who is a guest of ours still is so from when we were master
  }
  return cluster;
}

std::string Supervisor::describe_state() const {
  if (std::string said = sessions_.description(); !said.empty()) return said;
  if (lifecycle_.fault == Fault::none) return std::string(word_for(lifecycle_.state));
  return fmt::format("{}, {}", word_for(lifecycle_.state), word_for(lifecycle_.fault));
}

}  // namespace pizwg
