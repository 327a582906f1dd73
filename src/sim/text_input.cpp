#include "sim/text_input.h"

#include <array>
#include <cerrno>
#include <fcntl.h>
#include <poll.h>
#include <unistd.h>
#include <utility>

#include <asio/post.hpp>

namespace pizwg::sim {

TextInput::TextInput(asio::io_context& io, int fd, std::function<void(std::string_view)> on_line)
    : descriptor_(io, fd), on_line_(std::move(on_line)) {
  wait();
}

// Waiting and then reading once, rather than a read by asio: that would make the descriptor non-blocking, and
// so the terminal of the shell we were started from.
void TextInput::wait() {
  // asio makes a descriptor non-blocking at every wait. This one is not ours: the shell that started us, and
  // everything else on its terminal, has the same.
  const int flags = ::fcntl(descriptor_.native_handle(), F_GETFL);
  descriptor_.async_wait(asio::posix::stream_descriptor::wait_read, [this](std::error_code error) {
    // A regular file and /dev/null cannot be waited for, and are always ready.
    if (!error || error == asio::error::operation_not_supported) read_once();
  });
  ::fcntl(descriptor_.native_handle(), F_SETFL, flags);
}

void TextInput::read_once() {
  // Another program on the same terminal may have taken the line by now, and a read would block.
  pollfd ready{descriptor_.native_handle(), POLLIN, 0};
  if (::poll(&ready, 1, 0) == 0) return wait();
  std::array<char, 1024> buffer;
  const ssize_t got = ::read(descriptor_.native_handle(), buffer.data(), buffer.size());
  if (got < 0 && (errno == EINTR || errno == EAGAIN)) return wait();
  if (got <= 0) return;
  split({buffer.data(), static_cast<std::size_t>(got)});
  wait();
}

void TextInput::split(std::string_view bytes) {
  for (const char byte : bytes) {
    if (byte != '\n') {
      if (line_.size() < largest_line) line_ += byte;
      continue;
    }
    on_line_(std::exchange(line_, {}));
  }
}

}  // namespace pizwg::sim
