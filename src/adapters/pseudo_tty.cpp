#include "adapters/pseudo_tty.h"

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/inotify.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <termios.h>
#include <unistd.h>
#include <utility>

#include "base/text.h"

namespace pizwg {
namespace {

namespace fs = std::filesystem;

std::string at(std::string_view doing, const fs::path& path) {
  return fmt::format("{} {}", doing, in_quotes(path.native()));
}

bool is_stale(const fs::path& link) {
  std::error_code ignored;
  if (!fs::is_symlink(fs::symlink_status(link, ignored))) return false;
  const std::string target = fs::read_symlink(link, ignored).native();
  return target.starts_with("/dev/pts/") || target.contains("/root/dev/pts/") || !fs::exists(link, ignored);
}

std::string hint_for(int error_number) {
  switch (error_number) {
    case ENOENT:
      return "make its folder first";
    case EACCES:
    case EPERM:
      return "choose a path in a folder of your own, such as /tmp/gateway";
    default:
      return {};
  }
}

std::string target_for(const std::string& slave_path, TtyLink kind) {
  return kind == TtyLink::path ? slave_path : fmt::format("/proc/{}/root{}", ::getpid(), slave_path);
}

Result<void> make_link(const std::string& target, const fs::path& link) {
  if (is_stale(link)) ::unlink(link.c_str());
  if (::symlink(target.c_str(), link.c_str()) == 0) return {};
  if (errno == EEXIST) {
    return fail(at("cannot make the link", link) + ": something else is in its place",
                "choose another path, or remove what is there");
  }
  return fail_errno(at("cannot make the link", link), errno, hint_for(errno));
}

Result<std::string> slave_path_of(int master) {
  char path[64];
  if (::grantpt(master) != 0 || ::unlockpt(master) != 0 || ::ptsname_r(master, path, sizeof path) != 0) {
    return fail_errno("cannot unlock a pseudo terminal", errno, "see that /dev/pts is mounted");
  }
  return std::string(path);
}

Result<UniqueFd> watch_openers(const std::string& slave_path) {
  UniqueFd watch(::inotify_init1(IN_NONBLOCK | IN_CLOEXEC));
  if (!watch || ::inotify_add_watch(watch.get(), slave_path.c_str(), IN_OPEN | IN_CLOSE) < 0) {
    return fail_errno(at("cannot watch", slave_path), errno, "raise fs.inotify.max_user_instances");
  }
  return watch;
}

constexpr auto nobody = static_cast<uid_t>(-1);  // chown's word for "leave it"

Result<void> give_to(int slave, const TtyOwner& owner) {
  const bool given = !owner.user && !owner.group;
  if (!given && ::fchown(slave, owner.user.value_or(nobody), owner.group.value_or(nobody)) != 0) {
    return fail_errno("cannot give the port to its owner and group", errno,
                      "run it as root, or choose a group that you are in");
  }
  if (owner.mode && ::fchmod(slave, *owner.mode) != 0) return fail_errno("cannot set the port's mode", errno);
  return {};
}

void make_raw(int fd) {
  termios settings{};
  if (::tcgetattr(fd, &settings) != 0) return;
  ::cfmakeraw(&settings);
  ::cfsetspeed(&settings, B115200);
  settings.c_cflag |= CLOCAL | CREAD;
  ::tcsetattr(fd, TCSANOW, &settings);
}

}  // namespace

Result<PseudoTty> PseudoTty::create(const fs::path& link, const TtyOwner& owner, TtyLink kind) {
  UniqueFd master(::posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC | O_NONBLOCK));
  if (!master) return fail_errno("cannot make a pseudo terminal", errno, "see that /dev/pts is mounted");
  auto slave_path = slave_path_of(master.get());
  if (!slave_path) return std::unexpected(slave_path.error());
  UniqueFd slave(::open(slave_path->c_str(), O_RDWR | O_NOCTTY | O_CLOEXEC));
  if (!slave) return fail_errno(at("cannot open", *slave_path), errno);
  auto watch = watch_openers(*slave_path);
  if (!watch) return std::unexpected(watch.error());

  if (auto given = give_to(slave.get(), owner); !given) return std::unexpected(given.error());

  PseudoTty tty(std::move(master), std::move(slave), std::move(*watch), *slave_path);
  tty.reset();
  tty.link_target_ = target_for(*slave_path, kind);
  if (auto made = make_link(tty.link_target_, link); !made) return std::unexpected(made.error());
  tty.link_ = link;
  return tty;
}

PseudoTty::PseudoTty(UniqueFd master, UniqueFd slave, UniqueFd watch, std::string slave_path)
    : watch_(std::move(watch)),
      master_(std::move(master)),
      slave_(std::move(slave)),
      slave_path_(std::move(slave_path)) {}

PseudoTty::~PseudoTty() {
  if (!master_ || link_.empty()) return;
  std::error_code ignored;
  if (fs::read_symlink(link_, ignored) == link_target_) ::unlink(link_.c_str());
}

bool PseudoTty::opened() {
  bool closings = false;
  alignas(inotify_event) char events[1024];
  for (;;) {
    const ssize_t got = ::read(watch_.get(), events, sizeof events);
    if (got <= 0) break;
    for (ssize_t i = 0; i < got;) {
      inotify_event event{};
      std::memcpy(&event, events + i, sizeof event);
      if ((event.mask & IN_OPEN) != 0) ++openers_;
      if ((event.mask & IN_CLOSE) != 0) openers_ = std::max(openers_ - 1, 0L);
      closings = closings || (event.mask & IN_CLOSE) != 0;
      i += static_cast<ssize_t>(sizeof event + event.len);
    }
  }
  left_ = left_ || (closings && openers_ == 0);
  return openers_ > 0;
}

bool PseudoTty::has_words() const {
  int unread = 0;
  return ::ioctl(master_.get(), FIONREAD, &unread) == 0 && unread > 0;
}

void PseudoTty::watch_settings() {
  int on = 1;
  ::ioctl(master_.get(), TIOCPKT, &on);
  watches_settings_ = true;
  stay_raw();
}

// EXTPROC: the kernel tells the master of every change, and leaves lines alone. Speed, VMIN and VTIME are the
// opener's.
void PseudoTty::stay_raw() {
  termios settings{};
  if (::tcgetattr(slave_.get(), &settings) != 0) return;
  termios raw = settings;
  ::cfmakeraw(&raw);
  raw.c_lflag |= EXTPROC;
  const bool is_raw =
      raw.c_iflag == settings.c_iflag && raw.c_oflag == settings.c_oflag && raw.c_lflag == settings.c_lflag;
  if (is_raw) return;  // setting it anew would be a change to be told of
  raw.c_cflag = settings.c_cflag;
  std::ranges::copy(settings.c_cc, raw.c_cc);
  ::tcsetattr(slave_.get(), TCSANOW, &raw);
}

void PseudoTty::reset() {
  make_raw(slave_.get());
  if (watches_settings_) stay_raw();
  ::ioctl(slave_.get(), TIOCNXCL);
  ::tcflush(slave_.get(), TCIFLUSH);
}

}  // namespace pizwg
