#pragma once
// Which of a machine's serial devices is the gateway, and how to find it again after it left the bus: by its
// place on the USB (which port of which hub), because tty numbers flip and by-id names are not unique among
// clones.

#include <span>
#include <string>

#include "base/error.h"

namespace pizwg {

struct SerialDevice {
  std::string node;  // "/dev/ttyACM0"
  std::string
      usb_path;         // the USB interface, "1-1.2:1.0": bus 1, port 1, port 2, configuration 1, interface 0
  std::string vendor;   // "0658"
  std::string product;  // "0200"
  std::string name;     // what the device calls itself; may be empty

  bool operator==(const SerialDevice&) const = default;
};

// The one device that there is. None, or several, is an error that lists them and says what to write instead.
Result<SerialDevice> choose_gateway(std::span<const SerialDevice> devices);

// "/dev/ttyACM0 (USB 1-1.2:1.0, 0658:0200 "Sigma Designs")".
std::string describe(const SerialDevice& device);

}  // namespace pizwg
