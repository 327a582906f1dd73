#pragma once
// The simulated stick's end of its serial port: a pseudo tty that is plugged in and unplugged, and a paced,
// bounded queue each way. Not what the bytes mean. When the input queue is full it reads no more, and when
// nobody reads the output it waits: nothing here grows or blocks. What is sent while nobody has the port open
// is lost. Lives at least as long as the io_context runs: its handlers refer to it.

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <span>

#include <asio/io_context.hpp>
#include <asio/posix/stream_descriptor.hpp>
#include <asio/steady_timer.hpp>

#include "adapters/pseudo_tty.h"
#include "base/error.h"
#include "sim/paced_queue.h"

namespace pizwg::sim {

class Line {
 public:
  enum class Reading { on, off };

  // `work` is called whenever bytes have arrived, room was gained, or the port was opened or closed; it takes
  // what arrived and sends. It must neither plug nor unplug.
  Line(asio::io_context& io, std::filesystem::path link, std::function<void(Time)> work);
  ~Line() { unplug(); }
  Line(const Line&) = delete;
  Line& operator=(const Line&) = delete;

  Result<void> plug();
  void unplug();
  bool plugged() const { return tty_.has_value(); }
  bool opened() const { return opened_; }

  // The whole round: read, work, write, wait for what comes next. Call it after anything that changes what
  // `work` would do.
  void serve();

  void set_baud(unsigned baud);
  void set_reading(Reading reading) { reading_ = reading; }

  std::span<const std::uint8_t> arrived(Time now) { return input_.passed(now); }
  void take(std::size_t count) { input_.pop(count); }

  std::size_t room() const { return output_.room(); }
  void send(std::span<const std::uint8_t> bytes, Time now) { output_.push(bytes, now); }

 private:
  void see_who_opened(Time now);
  void read_available(Time now);
  void read_last_words(Time now);
  std::size_t write_passed(Time now);
  void wait(Time now);
  void wait_for_bytes();
  void wait_for_room();
  void wait_for_openers();
  void wait_for_pace(Time now);
  std::function<void(std::error_code)> on_ready(bool& waiting);

  asio::io_context& io_;
  std::filesystem::path link_;
  std::function<void(Time)> work_;
  std::optional<PseudoTty> tty_;
  asio::posix::stream_descriptor bytes_;    // tty_'s descriptors, lent to the event loop
  asio::posix::stream_descriptor openers_;  //
  asio::steady_timer pace_;
  PacedQueue input_;
  PacedQueue output_;
  Reading reading_ = Reading::on;
  bool opened_ = false;
  bool peer_full_ = false;  // the kernel took no more
  bool waits_for_bytes_ = false;
  bool waits_for_room_ = false;
  bool waits_for_openers_ = false;
  unsigned plugs_ = 0;  // tells a handler of an earlier pseudo tty from one of this
};

}  // namespace pizwg::sim
