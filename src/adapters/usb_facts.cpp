#include "adapters/usb_facts.h"

#include <charconv>

#include "base/file.h"
#include "base/text.h"
#include "core/usb_path.h"

namespace pizwg {
namespace {

namespace fs = std::filesystem;

std::string line_of(const fs::path& path) {
  const auto text = read_file(path, 4096);
  return text ? std::string(trimmed(std::string_view(*text).substr(0, text->find('\0')))) : std::string();
}

// USB's own: bit 6 of bmAttributes. What the hub's maker says of it, which is not always so.
std::optional<bool> self_powered(const fs::path& device) {
  const std::string text = line_of(device / "bmAttributes");
  unsigned bits = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), bits, 16);
  return error == std::errc() ? std::optional((bits & 0x40) != 0) : std::nullopt;
}

}  // namespace

UsbFacts read_usb_facts(const fs::path& root, const std::string& usb_path) {
  UsbFacts facts{.model = line_of(root / "proc/device-tree/model")};
  if (usb_path.empty()) return facts;
  facts.path = usb_path.substr(0, usb_path.find(':'));
  const fs::path devices = root / "sys/bus/usb/devices";
  const std::string vendor = line_of(devices / facts.path / "idVendor");
  if (!vendor.empty()) facts.gateway = vendor + ":" + line_of(devices / facts.path / "idProduct");
  const auto port = hub_port_of(usb_path);
  // A root hub is the machine's own.
  if (port && port->hub.find('-') != std::string::npos)
    facts.hub_self_powered = self_powered(devices / port->hub);
  return facts;
}

}  // namespace pizwg
