#include "pizwgd/check.h"

#include <cerrno>
#include <fmt/format.h>
#include <iostream>
#include <sys/stat.h>

#include "adapters/serial_devices.h"
#include "adapters/server_identity.h"
#include "base/error.h"
#include "base/text.h"

namespace pizwg {
namespace {

Result<std::string> check_identity_files(const std::filesystem::path& root) {
  const auto identity = load_server_identity(root);
  if (!identity) return std::unexpected(identity.error());
  const auto clients = identity->policy().allowed.size();
  if (clients == 0) return fail("no client is allowed", "pizwg client add NAME makes one");
  return fmt::format("{} allowed client certificate{}", clients, clients == 1 ? "" : "s");
}

Result<std::string> check_gateway(const Config& config) {
  if (config.device == "auto") {
    const auto devices = list_serial_devices();
    const auto chosen = choose_gateway(devices);
    if (!chosen) return std::unexpected(chosen.error());
    return describe(*chosen);
  }
  struct stat info {};
  if (::stat(config.device.c_str(), &info) != 0) {
    return fail_errno(in_quotes(config.device), errno, "ls -l /dev/serial/by-id lists what is plugged in");
  }
  if (!S_ISCHR(info.st_mode)) return fail(in_quotes(config.device) + " is not a serial device");
  const auto usb_path = usb_path_of(config.device);
  return usb_path ? fmt::format("{} (USB {})", config.device, *usb_path) : config.device;
}

bool report(std::string_view what, const Result<std::string>& result) {
  if (result) {
    std::cout << fmt::format("{:<14}ok     {}\n", what, *result);
    return true;
  }
  std::cout << fmt::format("{:<14}error  {}\n", what, result.error().what);
  if (!result.error().hint.empty()) std::cout << fmt::format("{:<14}hint   {}\n", "", result.error().hint);
  return false;
}

}  // namespace

int check(const Config& config, const std::filesystem::path& root) {
  const std::string address =
      fmt::format("{} port {}, {} baud", config.listen_address, config.port, config.baud);
  report("configuration", address);
  const bool identity = report("identity", check_identity_files(root));
  const bool gateway = report("gateway", check_gateway(config));
  return identity && gateway ? 0 : 1;
}

}  // namespace pizwg
