#pragma once
// What sysfs says of the gateway's USB device and of the hub above it, for `pizwg doctor`.

#include <filesystem>
#include <string>

#include "core/health.h"

namespace pizwg {

// `usb_path`: the gateway's, "1-1.2:1.0"; empty when nobody has seen it.
UsbFacts read_usb_facts(const std::filesystem::path& root, const std::string& usb_path);

}  // namespace pizwg
