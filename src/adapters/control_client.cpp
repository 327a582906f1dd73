#include "adapters/control_client.h"

#include <array>
#include <cerrno>
#include <cstring>
#include <fmt/format.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/text.h"
#include "base/unique_fd.h"

namespace pizwg {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::size_t largest_answer = 64 * 1024;

std::string state_hint(const AskedDaemon& daemon) {
  return fmt::format("systemctl status {} says why", daemon.name);
}

std::string asking(const AskedDaemon& daemon) {
  return fmt::format("cannot ask {}", daemon.name);
}

Result<UniqueFd> connect_to(const std::filesystem::path& path, const AskedDaemon& daemon) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  const std::string name = path.string();
  if (name.size() >= sizeof address.sun_path) return fail(in_quotes(name) + " is too long for a socket");
  std::memcpy(address.sun_path, name.data(), name.size());
  UniqueFd fd(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  if (!fd) return fail_errno("cannot make a socket", errno);
  if (::connect(fd.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0) return fd;
  if (errno == ENOENT || errno == ECONNREFUSED) {
    return fail(std::string(daemon.not_running), state_hint(daemon));
  }
  return fail_errno(asking(daemon), errno, errno == EACCES ? "run this as root" : "");
}

bool readable_before(int fd, Clock::time_point deadline) {
  const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(deadline - Clock::now()).count();
  pollfd wanted{.fd = fd, .events = POLLIN, .revents = 0};
  return left > 0 && ::poll(&wanted, 1, static_cast<int>(left)) > 0;
}

}  // namespace

Result<std::string> ask_daemon(const std::filesystem::path& socket, std::string_view line,
                               std::chrono::milliseconds limit, const AskedDaemon& daemon) {
  const auto deadline = Clock::now() + limit;
  auto fd = connect_to(socket, daemon);
  if (!fd) return std::unexpected(fd.error());
  const std::string question = std::string(line) + "\n";
  // A few bytes into an empty socket go at once.
  if (::send(fd->get(), question.data(), question.size(), MSG_NOSIGNAL) !=
      static_cast<ssize_t>(question.size())) {
    return fail_errno(asking(daemon), errno);
  }
  std::string answer;
  std::array<char, 4096> piece;
  while (answer.size() < largest_answer && readable_before(fd->get(), deadline)) {
    const ssize_t got = ::recv(fd->get(), piece.data(), piece.size(), 0);
    if (got == 0 && !answer.empty()) return answer;
    if (got <= 0) return fail(fmt::format("{} ended while it was asked", daemon.name), state_hint(daemon));
    answer.append(piece.data(), static_cast<std::size_t>(got));
  }
  return fail(fmt::format("{} has not answered within {} s", daemon.name, limit.count() / 1000),
              fmt::format("journalctl -u {} says what it does", daemon.name));
}

}  // namespace pizwg
