#include "core/gateway_choice.h"

#include <fmt/format.h>
#include <vector>

#include "base/text.h"

namespace pizwg {

Result<SerialDevice> choose_gateway(std::span<const SerialDevice> devices) {
  if (devices.empty()) {
    return fail("no USB serial device found", "plug the gateway in, or name it: device = \"/dev/…\"");
  }
  if (devices.size() > 1) {
    std::vector<std::string> found;
    for (const SerialDevice& device : devices) found.push_back(describe(device));
    return fail(
        fmt::format("device = \"auto\" found {} USB serial devices: {}", devices.size(), list_of(found)),
        fmt::format("name the gateway, best by its place on the bus: device = \"/dev/serial/by-path/…\" "
                    "(ls -l /dev/serial/by-path), or device = \"{}\"",
                    devices.front().node));
  }
  return devices.front();
}

std::string describe(const SerialDevice& device) {
  // The name is the device's own word: a stick can call itself anything.
  std::string text =
      fmt::format("{} (USB {}, {}:{}", device.node, device.usb_path, device.vendor, device.product);
  if (!device.name.empty()) text += " " + in_quotes(device.name);
  return text + ")";
}

}  // namespace pizwg
