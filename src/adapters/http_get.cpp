#include "adapters/http_get.h"

#include <array>
#include <cerrno>
#include <fmt/format.h>
#include <future>
#include <memory>
#include <netdb.h>
#include <poll.h>
#include <string_view>
#include <sys/socket.h>
#include <thread>

#include "base/text.h"
#include "base/unique_fd.h"

namespace pizwg {
namespace {

using Clock = std::chrono::steady_clock;

// A node exporter's page has about 100 KiB.
constexpr std::size_t largest_page = 4 * 1024 * 1024;

struct Place {
  std::string host;
  std::string port;
};

// "pi-2", "pi-2:9101", "[fe80::1]:9101", "::1".
Place place_of(const std::string& text, unsigned port) {
  const auto colon = text.rfind(':');
  if (text.starts_with('[')) {
    const auto end = std::min(text.find(']'), text.size());
    const bool has_port = colon != std::string::npos && colon == end + 1;
    return {text.substr(1, end - 1), has_port ? text.substr(colon + 1) : std::to_string(port)};
  }
  if (colon == std::string::npos || text.find(':') != colon) return {text, std::to_string(port)};
  return {text.substr(0, colon), text.substr(colon + 1)};
}

using Addresses = std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)>;

Result<Addresses> look_up(const Place& place) {
  addrinfo wanted{};
  wanted.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  const int error = ::getaddrinfo(place.host.c_str(), place.port.c_str(), &wanted, &found);
  if (error != 0)
    return fail(fmt::format("cannot find {}: {}", in_quotes(place.host), ::gai_strerror(error)));
  return Addresses(found, &::freeaddrinfo);
}

// The resolver has limits of its own, which are longer than anybody wants to wait: it is left to them.
Result<Addresses> resolve(const Place& place, Clock::time_point deadline) {
  std::packaged_task<Result<Addresses>()> task([place] { return look_up(place); });
  auto found = task.get_future();
  std::thread(std::move(task)).detach();
  if (found.wait_until(deadline) == std::future_status::ready) return found.get();
  return fail(fmt::format("cannot find {} in time", in_quotes(place.host)), "does the name server answer?");
}

bool ready_before(int fd, short what, Clock::time_point deadline) {
  const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(deadline - Clock::now()).count();
  pollfd wanted{.fd = fd, .events = what, .revents = 0};
  return left > 0 && ::poll(&wanted, 1, static_cast<int>(left)) > 0;
}

// The errno value of a connection attempt; 0 when there is one.
int connect_to(const addrinfo& address, const UniqueFd& fd, Clock::time_point deadline) {
  if (!fd) return errno;
  if (::connect(fd.get(), address.ai_addr, address.ai_addrlen) == 0) return 0;
  if (errno != EINPROGRESS) return errno;
  if (!ready_before(fd.get(), POLLOUT, deadline)) return ETIMEDOUT;
  int error = 0;
  socklen_t length = sizeof error;
  ::getsockopt(fd.get(), SOL_SOCKET, SO_ERROR, &error, &length);
  return error;
}

Result<UniqueFd> connect_to_any(const Place& place, const addrinfo* address, Clock::time_point deadline) {
  int error = ENOENT;
  for (; address != nullptr; address = address->ai_next) {
    UniqueFd fd(::socket(address->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
    error = connect_to(*address, fd, deadline);
    if (error == 0) return fd;
  }
  return fail_errno(fmt::format("cannot connect to {} port {}", place.host, place.port), error,
                    error == ECONNREFUSED ? "is prometheus-node-exporter running there?" : "");
}

Result<std::string> read_all(int fd, const std::string& from, Clock::time_point deadline) {
  std::string page;
  std::array<char, 16384> piece;
  while (page.size() < largest_page) {
    if (!ready_before(fd, POLLIN, deadline)) return fail(from + " has not answered in time");
    const ssize_t got = ::recv(fd, piece.data(), piece.size(), 0);
    if (got == 0) return page;
    if (got < 0 && errno != EAGAIN && errno != EINTR) return fail_errno("cannot read from " + from, errno);
    if (got > 0) page.append(piece.data(), static_cast<std::size_t>(got));
  }
  return fail(fmt::format("{} says more than {} bytes", from, largest_page));
}

Result<std::string> body_of(std::string page, const std::string& from) {
  const auto end_of_head = page.find("\r\n\r\n");
  if (!page.starts_with("HTTP/1.") || end_of_head == std::string::npos)
    return fail(from + " does not speak HTTP");
  const std::string_view status = std::string_view(page).substr(9, 3);
  if (status != "200") return fail(fmt::format("{} answers with the status {}", from, in_quotes(status)));
  page.erase(0, end_of_head + 4);
  return page;
}

}  // namespace

Result<std::string> http_get(const std::string& host, unsigned port, const std::string& path,
                             std::chrono::milliseconds limit) {
  const auto deadline = Clock::now() + limit;
  const Place place = place_of(host, port);
  const auto addresses = resolve(place, deadline);
  if (!addresses) return std::unexpected(addresses.error());
  const auto fd = connect_to_any(place, addresses->get(), deadline);
  if (!fd) return std::unexpected(fd.error());
  // 1.0: the answer comes as it is, and its end is the connection's.
  const std::string request = fmt::format("GET {} HTTP/1.0\r\nHost: {}\r\n\r\n", path, place.host);
  if (::send(fd->get(), request.data(), request.size(), MSG_NOSIGNAL) !=
      static_cast<ssize_t>(request.size())) {
    return fail_errno("cannot ask " + host, errno);
  }
  auto page = read_all(fd->get(), host, deadline);
  if (!page) return page;
  return body_of(std::move(*page), host);
}

}  // namespace pizwg
