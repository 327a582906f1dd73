#pragma once
// What an application opens instead of the serial port. One application at a time; bytes in and out without
// blocking, readiness by the event loop. Not where the bytes go.

#include <functional>
#include <string>
#include <utility>

#include "base/io.h"

namespace pizwg {

// Blocks of what an application said before it left: more than a tty holds (64 KiB in the kernel's buffers
// and one in the line discipline), so that nothing of it is left to the next application.
inline constexpr int most_last_words = 32;

class Endpoint {
 public:
  using Handler = std::function<void()>;

  // An application came, or it is leaving: what it sent last can still be read during the call.
  struct Handlers {
    std::function<void(Endpoint&)> arrived;
    std::function<void(Endpoint&)> leaving;
  };

  explicit Endpoint(std::string name) : name_(std::move(name)) {}
  virtual ~Endpoint() = default;
  Endpoint(const Endpoint&) = delete;
  Endpoint& operator=(const Endpoint&) = delete;

  virtual bool has_application() const = 0;
  virtual IoOutcome read(Buffer buffer) = 0;
  virtual IoOutcome write(Bytes bytes) = 0;
  virtual void when_readable(Handler handler) = 0;
  virtual void when_writable(Handler handler) = 0;
  // Closes the application's side, so that it opens the port anew.
  virtual void hang_up() = 0;
  // Another endpoint's application is served already.
  virtual void turn_away() {}
  // Forgets what the application sent and nobody read.
  virtual void discard_input() = 0;

  // "tty /dev/ttyUSB254", for people.
  const std::string& name() const { return name_; }

 protected:
  void rename(std::string name) { name_ = std::move(name); }

 private:
  std::string name_;
};

}  // namespace pizwg
