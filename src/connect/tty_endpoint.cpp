#include "connect/tty_endpoint.h"

#include <array>
#include <cerrno>
#include <charconv>
#include <cstdio>
#include <cstring>
#include <fmt/format.h>
#include <grp.h>
#include <memory>
#include <pwd.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>
#include <utility>

#include "base/log.h"
#include "base/text.h"

namespace pizwg {
namespace {

constexpr const char* names_hint = "look into /etc/passwd and /etc/group, or give its number";

struct CloseFile {
  void operator()(std::FILE* file) const { std::fclose(file); }
};

std::optional<unsigned> number_in(const std::string& text) {
  unsigned number = 0;
  const char* end = text.data() + text.size();
  if (std::from_chars(text.data(), end, number) == std::from_chars_result{end, std::errc()}) return number;
  return std::nullopt;
}

// From the files and not through NSS, which a statically linked program does not have.
template <typename Entry, auto next, auto name, auto id>
std::optional<unsigned> look_up(const char* file, const std::string& wanted) {
  if (const auto number = number_in(wanted)) return number;
  const std::unique_ptr<std::FILE, CloseFile> entries(std::fopen(file, "re"));
  while (Entry* entry = entries ? next(entries.get()) : nullptr) {
    if (wanted == entry->*name) return entry->*id;
  }
  return std::nullopt;
}

Result<TtyOwner> owner_of(const TtySettings& settings) {
  TtyOwner owner{.mode = settings.mode};
  if (!settings.owner.empty()) {
    owner.user =
        look_up<passwd, ::fgetpwent, &passwd::pw_name, &passwd::pw_uid>("/etc/passwd", settings.owner);
    if (!owner.user) return fail(fmt::format("there is no user {}", in_quotes(settings.owner)), names_hint);
  }
  if (!settings.group.empty()) {
    owner.group = look_up<group, ::fgetgrent, &group::gr_name, &group::gr_gid>("/etc/group", settings.group);
    if (!owner.group) return fail(fmt::format("there is no group {}", in_quotes(settings.group)), names_hint);
  }
  return owner;
}

// A name in the kernel that goes with the process, however that ends: a second pizwg-connect must not take
// over the link of a first one, which looks like a stale one.
Result<UniqueFd> claim(const std::string& path) {
  std::error_code ignored;
  const std::string name =
      "pizwg-connect:" + std::filesystem::absolute(path, ignored).lexically_normal().string();
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  const std::size_t length = std::min(name.size(), sizeof address.sun_path - 1);
  std::memcpy(address.sun_path + 1, name.data() + (name.size() - length), length);
  UniqueFd fd(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  const auto size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + 1 + length);
  if (fd && ::bind(fd.get(), reinterpret_cast<const sockaddr*>(&address), size) == 0) return fd;
  if (errno == EADDRINUSE) {
    return fail(fmt::format("another pizwg-connect serves {} already", in_quotes(path)),
                "stop it, or choose another path");
  }
  return fail_errno("cannot claim " + in_quotes(path), errno);
}

IoOutcome outcome_of(ssize_t result, IoStatus when_it_would_block) {
  if (result >= 0) return {.bytes = static_cast<std::size_t>(result)};
  if (errno == EAGAIN || errno == EINTR) return {.status = when_it_would_block};
  return {.status = IoStatus::failed, .error_number = errno, .detail = std::strerror(errno)};
}

}  // namespace

Result<std::unique_ptr<Endpoint>> TtyEndpoint::open(asio::io_context& io, const TtySettings& settings,
                                                    Handlers handlers) {
  auto owner = owner_of(settings);
  if (!owner) return std::unexpected(owner.error());
  auto claimed = claim(settings.path);
  if (!claimed) return std::unexpected(claimed.error());
  const TtyLink link = settings.reach == TtyReach::pod ? TtyLink::process : TtyLink::path;
  std::unique_ptr<TtyEndpoint> endpoint(
      new TtyEndpoint(io, settings.path, *owner, link, std::move(*claimed), std::move(handlers)));
  if (auto made = endpoint->make(); !made) return std::unexpected(made.error());
  return endpoint;
}

TtyEndpoint::TtyEndpoint(asio::io_context& io, std::string path, TtyOwner owner, TtyLink link, UniqueFd claim,
                         Handlers handlers)
    : Endpoint("tty " + path),
      path_(std::move(path)),
      owner_(owner),
      link_(link),
      claim_(std::move(claim)),
      handlers_(std::move(handlers)),
      master_(io),
      openers_(io) {}

TtyEndpoint::~TtyEndpoint() {
  release();
}

// The new one takes over the link before the old one goes: at no moment is there none.
Result<void> TtyEndpoint::make() {
  auto made = PseudoTty::create(path_, owner_, link_);
  if (!made) return std::unexpected(made.error());
  made->watch_settings();
  release();
  tty_.emplace(std::move(*made));
  master_.assign(tty_->master());
  openers_.assign(tty_->watch());
  watch();
  return {};
}

void TtyEndpoint::release() {
  lifetime_.renew();
  words_.renew();
  if (master_.is_open()) master_.release();
  if (openers_.is_open()) openers_.release();
  tty_.reset();
}

void TtyEndpoint::watch() {
  openers_.async_wait(asio::posix::descriptor_base::wait_read,
                      lifetime_.bound([this](const asio::error_code& error) {
                        if (error) return;
                        look();
                        watch();
                      }));
}

void TtyEndpoint::look() {
  const bool open = tty_->opened();
  const bool left = tty_->take_left();
  if (left && !open_) {  // came and went between two looks; it may have said something
    open_ = true;
    handlers_.arrived(*this);
  }
  if (left) {
    handlers_.leaving(*this);
    open_ = false;
    tty_->reset();
  }
  if (!open && tty_->has_words()) tty_->somebody_is_there();
  if (tty_->opened() && !std::exchange(open_, true)) handlers_.arrived(*this);
  if (!open_) wait_for_words();
}

// Of somebody whose opening we missed.
void TtyEndpoint::wait_for_words() {
  words_.renew();
  master_.async_wait(asio::posix::descriptor_base::wait_read,
                     words_.bound([this](const asio::error_code& error) {
                       if (!error && !open_) look();
                     }));
}

// Each read has one byte before its data: see watch_settings().
IoOutcome TtyEndpoint::read(Buffer buffer) {
  std::array<std::uint8_t, 4097> piece;
  while (true) {
    const auto room = std::min(piece.size(), buffer.size() + 1);
    IoOutcome got = outcome_of(::read(tty_->master(), piece.data(), room), IoStatus::want_read);
    if (got.status != IoStatus::done) return got;
    if (got.bytes > 1 && piece[0] == 0) {
      std::copy_n(piece.begin() + 1, got.bytes - 1, buffer.begin());
      --got.bytes;
      return got;
    }
    tty_->stay_raw();
  }
}

IoOutcome TtyEndpoint::write(Bytes bytes) {
  IoOutcome put = outcome_of(::write(tty_->master(), bytes.data(), bytes.size()), IoStatus::want_write);
  if (put.status == IoStatus::done && put.bytes == 0) put.status = IoStatus::want_write;
  return put;
}

void TtyEndpoint::when_readable(Handler handler) {
  master_.async_wait(asio::posix::descriptor_base::wait_read,
                     lifetime_.bound([handler = std::move(handler)](const asio::error_code& error) {
                       if (!error) handler();
                     }));
}

void TtyEndpoint::when_writable(Handler handler) {
  master_.async_wait(asio::posix::descriptor_base::wait_write,
                     lifetime_.bound([handler = std::move(handler)](const asio::error_code& error) {
                       if (!error) handler();
                     }));
}

void TtyEndpoint::hang_up() {
  if (!open_) return;
  handlers_.leaving(*this);
  open_ = false;
  if (auto made = make(); !made)
    log::error("cannot make the port anew: " + made.error().what, {{"hint", made.error().hint}});
}

void TtyEndpoint::discard_input() {
  std::array<std::uint8_t, 4096> unread;
  for (int i = 0; i < most_last_words && read(unread).status == IoStatus::done; ++i) {
  }
}

}  // namespace pizwg
