#include "adapters/serial_port.h"

#include <algorithm>
#include <array>
#include <cassert>
#include <cerrno>
#include <chrono>
#include <fcntl.h>
#include <fmt/format.h>
#include <linux/serial.h>
#include <optional>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <system_error>
#include <termios.h>
#include <thread>
#include <unistd.h>
#include <utility>

#include "base/text.h"
#include "base/unique_fd.h"

namespace pizwg {
namespace {

std::optional<speed_t> speed_of(unsigned baud) {
  switch (baud) {
    case 9600:
      return B9600;
    case 19200:
      return B19200;
    case 38400:
      return B38400;
    case 57600:
      return B57600;
    case 115200:
      return B115200;
    case 230400:
      return B230400;
    case 460800:
      return B460800;
    case 500000:
      return B500000;
    case 921600:
      return B921600;
    case 1000000:
      return B1000000;
    default:
      return std::nullopt;
  }
}

std::unexpected<Error> cannot_open(const std::string& path, std::string_view why, std::string hint) {
  return fail(fmt::format("cannot open the gateway {}: {}", in_quotes(path), why), std::move(hint));
}

std::string hint_for(int error_number) {
  switch (error_number) {
    case ENOENT:
    case ENXIO:
    case ENODEV:
      return "is the gateway plugged in? ls -l /dev/serial/by-id lists those that are";
    case EACCES:
    case EPERM:
      return "the user needs to be in the group dialout";
    case EBUSY:
      return "another program holds it: fuser -v shows which";
    default:
      return {};
  }
}

std::unexpected<Error> cannot_open(const std::string& path, int error_number) {
  return cannot_open(path, std::generic_category().message(error_number), hint_for(error_number));
}

Result<void> set_line(int fd, const std::string& path, unsigned baud) {
  const auto speed = speed_of(baud);
  if (!speed) return cannot_open(path, fmt::format("there is no speed of {} baud", baud), "");
  termios line{};
  if (::tcgetattr(fd, &line) != 0) return cannot_open(path, "not a serial device", "");
  ::cfmakeraw(&line);
  line.c_cflag &= ~static_cast<tcflag_t>(HUPCL | CRTSCTS | CSTOPB);
  line.c_cflag |= CLOCAL | CREAD;
  line.c_iflag &= ~static_cast<tcflag_t>(IXON | IXOFF);
  line.c_cc[VMIN] = 1;  // so that a read of 0 bytes can only mean a hang-up
  line.c_cc[VTIME] = 0;
  if (::cfsetspeed(&line, *speed) != 0 || ::tcsetattr(fd, TCSANOW, &line) != 0) {
    return cannot_open(path, fmt::format("it does not take {} baud", baud), "");
  }
  return {};
}

// Since the driver found the device. Native-USB sticks tell it by USB, too.
std::optional<LineErrorTally> line_errors_of(int fd) {
  serial_icounter_struct counted{};
  if (::ioctl(fd, TIOCGICOUNT, &counted) != 0) return std::nullopt;
  const auto number = [](int count) { return static_cast<std::uint64_t>(std::max(count, 0)); };
  LineErrorTally errors;
  errors[LineError::framing] = number(counted.frame);
  errors[LineError::parity] = number(counted.parity);
  errors[LineError::overrun] = number(counted.overrun);
  errors[LineError::line_break] = number(counted.brk);
  errors[LineError::buffer_overrun] = number(counted.buf_overrun);
  return errors;
}

IoOutcome outcome_of(ssize_t result, IoStatus when_blocked) {
  if (result > 0) return {.bytes = static_cast<std::size_t>(result)};
  if (result == 0) return {.status = IoStatus::closed};
  if (errno == EAGAIN || errno == EINTR) return {.status = when_blocked};
  // EIO: hung up. ENXIO, ENODEV: the same from some drivers. Anything else ends the same way for us, but is
  // told.
  return {
      .status = IoStatus::closed, .error_number = errno, .detail = std::generic_category().message(errno)};
}

}  // namespace

Result<std::unique_ptr<SerialPort>> SerialPort::open(asio::io_context& io, const std::string& path,
                                                     unsigned baud) {
  UniqueFd fd(::open(path.c_str(), O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC));
  if (!fd) return cannot_open(path, errno);
  struct stat info {};
  if (::fstat(fd.get(), &info) != 0) return cannot_open(path, errno);
  if (!S_ISCHR(info.st_mode) || ::isatty(fd.get()) != 1) {
    return cannot_open(path, "not a serial device",
                       S_ISREG(info.st_mode) ? "a regular file is in its place: remove it" : "");
  }
  if (::flock(fd.get(), LOCK_EX | LOCK_NB) != 0) return cannot_open(path, EBUSY);
  if (auto set = set_line(fd.get(), path, baud); !set) return std::unexpected(set.error());
  ::ioctl(fd.get(), TIOCEXCL);
  auto port = std::unique_ptr<SerialPort>(new SerialPort(io, fd.release()));
  port->known_errors_ = line_errors_of(port->descriptor_.native_handle());
  port->discard();
  return port;
}

// Closing waits until the gateway has taken everything, for 30 s where it hangs: so the kernel wants it, also
// of a descriptor that never blocks. Its power would stay on for so long. Last words that are under way (an
// acknowledgement) get the time of the longest frame at 115200 baud, 22 ms; the rest is dropped.
SerialPort::~SerialPort() {
  int untaken = 0;
  for (int ms = 0; ms < 25; ++ms) {
    if (::ioctl(descriptor_.native_handle(), TIOCOUTQ, &untaken) != 0 || untaken == 0) return;
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  ::tcflush(descriptor_.native_handle(), TCOFLUSH);
}

IoOutcome SerialPort::read(Buffer buffer) {
  return outcome_of(::read(descriptor_.native_handle(), buffer.data(), buffer.size()), IoStatus::want_read);
}

IoOutcome SerialPort::write(Bytes bytes) {
  assert(!bytes.empty());
  return outcome_of(::write(descriptor_.native_handle(), bytes.data(), bytes.size()), IoStatus::want_write);
}

void SerialPort::when_ready(asio::posix::stream_descriptor::wait_type what, Handler handler) {
  descriptor_.async_wait(what, lifetime_.bound([handler = std::move(handler)](const asio::error_code& error) {
    if (error != asio::error::operation_aborted) handler();
  }));
}

void SerialPort::when_readable(Handler handler) {
  when_ready(asio::posix::stream_descriptor::wait_read, std::move(handler));
}

void SerialPort::when_writable(Handler handler) {
  when_ready(asio::posix::stream_descriptor::wait_write, std::move(handler));
}

void SerialPort::when_hung_up(Handler handler) {
  when_ready(asio::posix::stream_descriptor::wait_error, std::move(handler));
}

void SerialPort::cancel() {
  asio::error_code ignored;
  descriptor_.cancel(ignored);
  lifetime_.renew();  // a wait that has just come true may be queued already
}

std::optional<LineErrorTally> SerialPort::new_line_errors() {
  const auto now = line_errors_of(descriptor_.native_handle());
  if (!now || !known_errors_) return std::nullopt;
  return since(std::exchange(*known_errors_, *now), *now);
}

void SerialPort::discard() {
  ::tcflush(descriptor_.native_handle(), TCIOFLUSH);
  // What the driver was just handing over escapes the flush. Bounded: a gateway that talks without end is not
  // waited for.
  std::array<std::uint8_t, 4096> unread;
  for (int round = 0; round < 16 && read(unread).status == IoStatus::done; ++round) {
  }
}

}  // namespace pizwg
