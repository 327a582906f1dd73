#include "adapters/systemd.h"

#include <fmt/format.h>
#include <utility>

#include "base/log.h"
#include "base/text.h"

namespace pizwg {
namespace {

// systemctl asks, and with --no-block does not wait for the result.
constexpr std::chrono::seconds answer_limit{5};

// The bus ends like everything else, often before it has answered: then systemctl fails although the machine
// ends. For a keepalived that stops first, and at its leisure.
constexpr std::chrono::seconds doubt_limit{10};

constexpr const char* keepalived = "keepalived.service";

}  // namespace

void Systemd::start_keepalived() {
  order_until_taken({"start", keepalived});
}

void Systemd::reload_keepalived() {
  order_until_taken({"try-reload-or-restart", keepalived});
}

void Systemd::restart_keepalived() {
  order_keepalived({"restart", keepalived});
}

void Systemd::kill_keepalived() {
  order_keepalived({"kill", "--signal=SIGKILL", keepalived});
}

void Systemd::order_keepalived(std::vector<std::string> words) {
  retry_.renew();
  order(keepalived_, std::move(words), [this](const Error& why) { log_refusal(why); });
}

void Systemd::order_until_taken(const std::vector<std::string>& words) {
  retry_.renew();
  order(keepalived_, words, [this, words](const Error& why) {
    log_refusal(why);
    retry_timer_.expires_after(retry_pause_);
    retry_timer_.async_wait(retry_.bound([this, words](const asio::error_code& error) {
      if (!error) order_until_taken(words);
    }));
  });
}

void Systemd::log_refusal(const Error& why) {
  if (std::exchange(said_, why.what) == why.what) return;
  log::error("systemd would not: " + why.what, {{"hint", why.hint}});
}

void Systemd::reboot(Refused refused) {
  order_machine("reboot", std::move(refused));
}

void Systemd::soft_reboot(Refused refused) {
  order_machine("soft-reboot", std::move(refused));
}

void Systemd::order_machine(std::string word, Refused refused) {
  doubt_timer_.cancel();
  order(machine_, {std::move(word)}, [this, refused = std::move(refused)](const Error& why) {
    doubt_timer_.expires_after(doubt_limit);
    doubt_timer_.async_wait([refused, why](const asio::error_code& error) {
      if (!error) refused(why);
    });
  });
}

void Systemd::order(ChildProcess& call, std::vector<std::string> words, Refused refused) {
  const std::string typed = fmt::format("systemctl {}", fmt::join(words, " "));
  words.insert(words.begin(), {"systemctl", "--no-block", "--no-ask-password"});
  call.run(words, answer_limit,
           [this, typed, refused = std::move(refused)](const Result<ChildOutcome>& outcome) {
             if (outcome && outcome->exit_status == 0) return said_.clear();
             if (!outcome) return refused(outcome.error());
             refused({.what = fmt::format("{} exited with {}: {}", in_quotes(typed), outcome->exit_status,
                                          in_quotes(trimmed(outcome->output).substr(0, 200))),
                      .hint = "is packaging/polkit/50-pizwg.rules installed? As root, try it by hand"});
           });
}

}  // namespace pizwg
