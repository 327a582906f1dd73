#include "sim/text_input.h"

#include <array>
#include <cerrno>
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
  descriptor_.async_wait(asio::posix::stream_descriptor::wait_read, [this](std::error_code error) {
    // A regular file and /dev/null cannot be waited for, and are always ready.
    if (!error || error == asio::error::operation_not_supported) read_once();
  });
}

void TextInput::read_once() {
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
