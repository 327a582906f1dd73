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

// Whether the USB device that an interface ("1-1.2:1.0") is of has power and is known to the kernel.
bool usb_device_exists(const std::string& usb_path);

// "2109:3431", vendor and product, of the USB device at a place ("1-1"); empty when there is none.
std::string usb_ids_of(const std::string& place);

}  // namespace pizwg
