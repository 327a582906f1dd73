#pragma once
// The gateway's serial line: raw 8N1, exclusively ours, bytes in and out without ever blocking. Opening and
// closing leave DTR and RTS as they are (some sticks wire them to reset), as far as the kernel lets us: it
// raises both at a first open. Knows nothing of what the bytes mean, nor of USB.

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include <asio/io_context.hpp>
#include <asio/posix/stream_descriptor.hpp>

#include "base/error.h"
#include "base/io.h"
#include "base/lifetime.h"
#include "core/tally.h"

namespace pizwg {

class SerialPort {
 public:
  using Handler = std::function<void()>;

  // `path` must name a character device that is a terminal; it is never created. Errors: absent, not a serial
  // device, not permitted, in use by another program, speed not supported.
  static Result<std::unique_ptr<SerialPort>> open(asio::io_context& io, const std::string& path,
                                                  unsigned baud);
  // Waits 25 ms at most for the gateway to take what was written; the rest is dropped.
  ~SerialPort();
  SerialPort(const SerialPort&) = delete;
  SerialPort& operator=(const SerialPort&) = delete;

  // `closed` means that the device is gone.
  IoOutcome read(Buffer buffer);
  IoOutcome write(Bytes bytes);

  // Calls back once. A new wait does not end an earlier one. After cancel() none of those made before calls
  // any more.
  void when_readable(Handler handler);
  void when_writable(Handler handler);
  void when_hung_up(Handler handler);
  void cancel();

  // What the driver found wrong with the line since this was asked last, or since it was opened; empty where
  // the driver does not count (a pty).
  std::optional<LineErrorTally> new_line_errors();

  // Forgets what either side has said but not read: kernel queues and all.
  void discard();

 private:
  SerialPort(asio::io_context& io, int fd) : descriptor_(io, fd) {}
  void when_ready(asio::posix::stream_descriptor::wait_type what, Handler handler);

  asio::posix::stream_descriptor descriptor_;
  std::optional<LineErrorTally> known_errors_;
  Lifetime lifetime_;
};

}  // namespace pizwg
