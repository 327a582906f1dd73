#include "adapters/election.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

#include "adapters/pidfd.h"
#include "adapters/process_state.h"
#include "base/file.h"
#include "base/log.h"
#include "base/text.h"
#include "base/unique_fd.h"

namespace pizwg {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

// A master says something every 100 ms; after 300 the next one takes over, and after 150 more has its gateway
// on the air. Ours must be dark by then, and turning it off takes 50.
constexpr milliseconds master_look{50};
constexpr milliseconds longest_silence_of_master{200};
// A backup hears a master ten times a second, or becomes master itself.
constexpr milliseconds backup_look{1000};
constexpr milliseconds longest_silence_of_backup{3000};

// A look that comes later than this is no look at keepalived alone.
constexpr milliseconds own_delay{100};

constexpr std::size_t longest_line = 512;

int read_pid(const std::filesystem::path& file) {
  const auto text = read_file(file, 64);
  int pid = 0;
  if (text) std::from_chars(text->data(), text->data() + text->size(), pid);
  return std::max(pid, 0);
}

// The FIFO outlives us: keepalived keeps it open, and would go on writing to one that was removed.
Result<void> make_fifo(const std::filesystem::path& path) {
  struct stat info {};
  if (::lstat(path.c_str(), &info) == 0) {
    if (S_ISFIFO(info.st_mode)) return {};
    if (::unlink(path.c_str()) != 0) return fail_file("replace", path, errno);
  }
  if (::mkfifo(path.c_str(), 0600) != 0) return fail_file("make", path, errno);
  return {};
}

}  // namespace

// Renamed into place rather than written in place: the file may be another's (keepalived makes one that is
// missing), only the folder is ours.
Result<void> set_veto(const std::filesystem::path& veto) {
  return write_file(veto, "1\n", 0644);
}

Election::Election(asio::io_context& io, ElectionPaths paths, Handlers handlers)
    : paths_(std::move(paths)), handlers_(std::move(handlers)), notices_(io), vrrp_(io), look_timer_(io) {}

Result<void> Election::start() {
  if (const auto made = make_fifo(paths_.notices); !made) return made;
  // For writing, too: so it has no end when keepalived ends.
  const int fd = ::open(paths_.notices.c_str(), O_RDWR | O_NONBLOCK | O_CLOEXEC);
  if (fd < 0) return fail_file("open", paths_.notices, errno);
  notices_.assign(fd);
  watch_process();
  read_notices();
  return {};
}

Result<void> Election::write_veto(bool on) {
  vetoed_ = on;
  moved_at_ = Clock::now();
  return on ? pizwg::set_veto(paths_.veto) : write_file(paths_.veto, "0\n", 0644);
}

void Election::network_is(const NetworkState& network, const std::optional<ElectionSettings>& settings) {
  const NetworkInterface* interface = settings ? network.find(settings->interface) : nullptr;
  connected_ = interface != nullptr && interface->carrier;
  vip_present_ = connected_ && std::ranges::any_of(interface->addresses, [&](const InterfaceAddress& its) {
                   return its.address.address == settings->vip;
                 });
  judge();
}

void Election::read_notices() {
  notices_.async_wait(asio::posix::descriptor_base::wait_read,
                      lifetime_.bound([this](const asio::error_code& error) {
                        if (error) return;
                        take_lines();
                        read_notices();
                      }));
}

void Election::take_lines() {
  std::array<char, 4096> piece;
  const ssize_t got = ::read(notices_.native_handle(), piece.data(), piece.size());
  if (got <= 0) return;
  partial_line_.append(piece.data(), static_cast<std::size_t>(got));
  for (auto end = partial_line_.find('\n'); end != std::string::npos; end = partial_line_.find('\n')) {
    if (const auto state = parse_notice(std::string_view(partial_line_).substr(0, end))) {
      if (std::exchange(notice_, *state) != *state)
        log::info("keepalived", {{"state", std::string(word_for(*state))}});
    }
    partial_line_.erase(0, end + 1);
  }
  if (partial_line_.size() > longest_line) partial_line_.clear();
  watch_process();
  if (vrrp_.is_open()) look_whether_it_moves();  // how often depends on the notice
  judge();
}

// It may be another one than the last time.
void Election::watch_process() {
  const int pid = read_pid(paths_.vrrp_pid);
  if (pid == pid_ && vrrp_.is_open()) return;
  process_.renew();
  asio::error_code ignored;
  vrrp_.close(ignored);
  pid_ = pid;
  frozen_ = false;
  const int fd = pid == 0 ? -1 : ::pidfd_open(pid, 0);
  if (fd < 0) return;
  vrrp_.assign(fd);
  vrrp_.async_wait(asio::posix::descriptor_base::wait_read,
                   process_.bound([this](const asio::error_code& error) {
                     if (!error) process_ended();
                   }));
  moved_at_ = Clock::now();
  look_due_ = moved_at_;
  look_whether_it_moves();
  handlers_.came_or_went();
}

void Election::process_ended() {
  log::warning("keepalived's VRRP process has ended", {{"pid", std::to_string(pid_)}});
  process_.renew();
  look_timer_.cancel();
  asio::error_code ignored;
  vrrp_.close(ignored);
  notice_ = VrrpState::unknown;
  judge();
  handlers_.came_or_went();
}

// Its sleeps are counted, which catches whatever may have stopped it: a signal, the freezer, the disk, a
// loop. In fault it has nothing to do, and may be silent.
void Election::look_whether_it_moves() {
  const bool as_master = notice_ == VrrpState::master;
  const auto state = read_process_state(pid_);
  const auto now = Clock::now();
  if (state && std::exchange(moves_, state->sleeps) != state->sleeps) moved_at_ = now;
  // We had no processor ourselves: nor had it, perhaps, and it gets its time anew.
  if (std::exchange(look_due_, now + (as_master ? master_look : backup_look)) + own_delay < now)
    moved_at_ = now;
  // Unknown: we were started anew, and it has not said anything since.
  const bool waits_its_turn = notice_ == VrrpState::backup || notice_ == VrrpState::unknown;
  const bool must_move = as_master || (waits_its_turn && !vetoed_);
  if (!must_move) moved_at_ = now;
  const auto limit = as_master ? longest_silence_of_master : longest_silence_of_backup;
  const bool stopped = must_move && state && state->state == 'T';
  if (std::exchange(frozen_, stopped || now - moved_at_ > limit) != frozen_) {
    if (frozen_) log::error("keepalived does not move", {{"pid", std::to_string(pid_)}});
    judge();
    if (frozen_) handlers_.frozen();
  }
  look_timer_.expires_after(as_master ? master_look : backup_look);
  look_timer_.async_wait(process_.bound([this](const asio::error_code& error) {
    if (!error) look_whether_it_moves();
  }));
}

void Election::judge() {
  const bool master = notice_ == VrrpState::master && vrrp_.is_open() && !frozen_ && vip_present_;
  if (std::exchange(master_, master) == master) return;
  log::notice(master ? "master" : "not master", {{"notice", std::string(word_for(notice_))},
                                                 {"keepalived", !vrrp_.is_open() ? "dead"
                                                                : frozen_        ? "frozen"
                                                                                 : "alive"},
                                                 {"vip", vip_present_ ? "held" : "not held"}});
  return master ? handlers_.became_master() : handlers_.lost_master();
}

}  // namespace pizwg
