#pragma once
// The gateway as long as the daemon lives: finds it, opens it, notices that it left, and opens it again when
// it is back. While nobody has borrowed its port, what it says is dropped. Does not know clients.

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include <asio/io_context.hpp>
#include <asio/steady_timer.hpp>

#include "adapters/serial_port.h"
#include "base/error.h"
#include "base/lifetime.h"
#include "core/host_status.h"

namespace pizwg {

class Gateway {
 public:
  struct Settings {
    std::string device;  // a path, or "auto"
    unsigned baud = 115200;
    std::chrono::seconds grace{8};
  };
  struct Handlers {
    std::function<void()> opened;
    std::function<void()> left;  // away, perhaps only to re-enumerate
    std::function<void()> lost;  // away for longer than the grace, or never there
  };

  // What it goes through is counted into `record`.
  Gateway(asio::io_context& io, Settings settings, Handlers handlers, HostRecord& record);

  // Tries at once and then until it works. `lost` is called when the first try fails.
  void start();
  // Closes it, calling nothing, and forgets that it was there but for its place on the USB. start() begins
  // anew.
  void close();

  // Looks, without opening it: whether its device node is there. Remembers its place on the USB.
  bool visible();
  // Neither its device node nor its USB device is there: it has no power.
  bool gone() const;
  // "/dev/ttyACM0", as it was last seen or opened.
  const std::string& node() const { return node_; }
  // Where it hangs ("1-1.2:1.0"), when it was seen and is on the USB.
  const std::optional<std::string>& usb_path() const { return usb_path_; }
  void was_at(const std::string& usb_path) { usb_path_ = usb_path; }

  // Null while the gateway is away. Cleans the line of what was said before.
  SerialPort* borrow();
  // Ends a borrow: from now on what the gateway says is dropped again.
  void give_back();
  // Whoever borrowed the port found it dead, and has let go of it.
  void port_died();

  bool present() const { return port_ != nullptr; }
  // What is to be seen of it; not when it was proven. Counts the line's errors: nobody looks at them
  // meanwhile.
  GatewayStatus status() const;
  // Where it is, or why it is not there: for people.
  std::string description() const;

 private:
  Result<std::string> find() const;
  Result<std::string> find_by_place() const;
  Result<void> open();
  void try_open();
  void try_again_later();
  void drop_what_it_says();
  void note_that_it_works();
  void count_line_errors() const;

  asio::io_context& io_;
  Settings settings_;
  Handlers handlers_;
  HostRecord& record_;
  asio::steady_timer retry_timer_;
  std::unique_ptr<SerialPort> port_;
  std::string node_;
  std::optional<std::string> usb_path_;  // where on the bus it was last
  Error trouble_;
  std::chrono::steady_clock::time_point away_since_;
  bool lost_ = false;
  Lifetime lifetime_;
};

}  // namespace pizwg
