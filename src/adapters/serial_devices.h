#pragma once
// The serial devices that hang on the machine's USB, as udev knows them. Only looks; opens nothing.

#include <optional>
#include <string>
#include <vector>

#include "core/gateway_choice.h"

namespace pizwg {

// In the order of their nodes' names; empty when there are none or udev cannot be asked.
std::vector<SerialDevice> list_serial_devices();

// The USB interface ("1-1.2:1.0") behind a device node or a link to one; empty when it is not on the USB.
std::optional<std::string> usb_path_of(const std::string& path);

}  // namespace pizwg
