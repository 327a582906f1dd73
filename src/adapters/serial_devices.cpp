#include "adapters/serial_devices.h"

#include <algorithm>
#include <libudev.h>
#include <memory>
#include <sys/stat.h>

namespace pizwg {
namespace {

struct UdevDeleter {
  void operator()(udev* context) const { udev_unref(context); }
  void operator()(udev_device* device) const { udev_device_unref(device); }
  void operator()(udev_enumerate* enumeration) const { udev_enumerate_unref(enumeration); }
};
using Udev = std::unique_ptr<udev, UdevDeleter>;
using Device = std::unique_ptr<udev_device, UdevDeleter>;

std::string text(const char* value) {
  return value != nullptr ? value : "";
}

// The parents belong to the device, and live as long as it does.
udev_device* usb_interface(udev_device* device) {
  return udev_device_get_parent_with_subsystem_devtype(device, "usb", "usb_interface");
}

std::optional<SerialDevice> serial_device(udev_device* device) {
  udev_device* interface = usb_interface(device);
  udev_device* usb = udev_device_get_parent_with_subsystem_devtype(device, "usb", "usb_device");
  const char* node = udev_device_get_devnode(device);
  if (interface == nullptr || usb == nullptr || node == nullptr) return std::nullopt;
  return SerialDevice{.node = node,
                      .usb_path = text(udev_device_get_sysname(interface)),
                      .vendor = text(udev_device_get_sysattr_value(usb, "idVendor")),
                      .product = text(udev_device_get_sysattr_value(usb, "idProduct")),
                      .name = text(udev_device_get_sysattr_value(usb, "product"))};
}

}  // namespace

std::vector<SerialDevice> list_serial_devices() {
  std::vector<SerialDevice> devices;
  const Udev context(udev_new());
  if (!context) return devices;
  const std::unique_ptr<udev_enumerate, UdevDeleter> ttys(udev_enumerate_new(context.get()));
  if (!ttys || udev_enumerate_add_match_subsystem(ttys.get(), "tty") < 0 ||
      udev_enumerate_scan_devices(ttys.get()) < 0) {
    return devices;
  }
  for (auto* entry = udev_enumerate_get_list_entry(ttys.get()); entry != nullptr;
       entry = udev_list_entry_get_next(entry)) {
    const Device device(udev_device_new_from_syspath(context.get(), udev_list_entry_get_name(entry)));
    if (!device) continue;  // gone since the scan
    if (auto found = serial_device(device.get())) devices.push_back(std::move(*found));
  }
  std::ranges::sort(devices, {}, &SerialDevice::node);
  return devices;
}

std::optional<std::string> usb_path_of(const std::string& path) {
  struct stat info {};
  if (::stat(path.c_str(), &info) != 0 || !S_ISCHR(info.st_mode)) return std::nullopt;
  const Udev context(udev_new());
  if (!context) return std::nullopt;
  const Device device(udev_device_new_from_devnum(context.get(), 'c', info.st_rdev));
  if (!device) return std::nullopt;
  udev_device* interface = usb_interface(device.get());
  if (interface == nullptr) return std::nullopt;
  return text(udev_device_get_sysname(interface));
}

bool usb_device_exists(const std::string& usb_path) {
  return !usb_ids_of(usb_path.substr(0, usb_path.find(':'))).empty();
}

std::string usb_ids_of(const std::string& place) {
  const Udev context(udev_new());
  if (!context) return {};
  const Device device(udev_device_new_from_subsystem_sysname(context.get(), "usb", place.c_str()));
  if (!device) return {};
  return text(udev_device_get_sysattr_value(device.get(), "idVendor")) + ":" +
         text(udev_device_get_sysattr_value(device.get(), "idProduct"));
}

}  // namespace pizwg
