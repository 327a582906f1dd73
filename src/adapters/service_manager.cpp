#include "adapters/service_manager.h"

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <cstdlib>
#include <cstring>
#include <string>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/unique_fd.h"

namespace pizwg::service_manager {
namespace {

template <typename Number>
std::optional<Number> number_in_environment(const char* name) {
  const char* text = std::getenv(name);
  if (text == nullptr) return std::nullopt;
  Number number{};
  const char* end = text + std::strlen(text);
  const auto [stop, error] = std::from_chars(text, end, number);
  if (error != std::errc() || stop != end) return std::nullopt;
  return number;
}

void notify(const std::string& message) {
  const char* path = std::getenv("NOTIFY_SOCKET");
  sockaddr_un address{};
  if (path == nullptr || (path[0] != '/' && path[0] != '@')) return;
  const std::size_t length = std::strlen(path);
  if (length >= sizeof address.sun_path) return;
  address.sun_family = AF_UNIX;
  std::memcpy(address.sun_path, path, length);
  if (path[0] == '@') address.sun_path[0] = '\0';  // an abstract socket
  const UniqueFd fd(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  if (!fd) return;
  ::sendto(fd.get(), message.data(), message.size(), MSG_NOSIGNAL,
           reinterpret_cast<const sockaddr*>(&address),
           static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + length));
}

}  // namespace

void ready() {
  notify("READY=1");
}
void stopping() {
  notify("STOPPING=1");
}

void status(std::string_view sentence) {
  std::string message = "STATUS=" + std::string(sentence);
  // A line end would begin another message, and the sentence may have a device's own words in it.
  std::ranges::replace_if(
      message, [](char c) { return static_cast<unsigned char>(c) < ' '; }, ' ');
  notify(message);
}

void alive() {
  notify("WATCHDOG=1");
}

std::optional<std::chrono::microseconds> watchdog_interval() {
  const auto limit = number_in_environment<std::chrono::microseconds::rep>("WATCHDOG_USEC");
  const auto process = number_in_environment<pid_t>("WATCHDOG_PID");
  if (!limit || *limit <= 0 || (process && *process != ::getpid())) return std::nullopt;
  return std::chrono::microseconds(*limit / 2);
}

}  // namespace pizwg::service_manager
