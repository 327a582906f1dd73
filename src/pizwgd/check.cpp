#include "pizwgd/check.h"

#include <cerrno>
#include <fmt/format.h>
#include <iostream>
#include <sys/stat.h>

#include "adapters/network.h"
#include "adapters/serial_devices.h"
#include "adapters/server_identity.h"
#include "base/error.h"
#include "base/file.h"
#include "base/text.h"
#include "core/usb_path.h"
#include "core/vrrp.h"
#include "pizwgd/run_folder.h"

namespace pizwg {
namespace {

Result<std::string> check_identity_files(const std::filesystem::path& root) {
  const auto identity = load_server_identity(root, OtherHosts::refused);
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

std::optional<std::string> place_of_the_only_device() {
  const auto chosen = choose_gateway(list_serial_devices());
  return chosen ? std::optional(chosen->usb_path) : std::nullopt;
}

Result<std::string> check_network(const Config& config) {
  const auto network = read_network();
  if (!network) return std::unexpected(network.error());
  const auto settings = election_settings(config, *network);
  if (!settings) return std::unexpected(settings.error());
  return fmt::format("{} {}, VIP {}, priority {}", settings->interface, settings->address.text(),
                     settings->vip.text(), settings->priority);
}

// Where the gateway is off, only what was remembered, or configured, can be told.
Result<std::string> check_hub(const Config& config) {
  if (config.hub == "none") return "none: a standby's gateway keeps its power, and is not opened";
  if (config.hub != "auto") return describe(HubPort{.hub = config.hub, .port = config.hub_port});
  const auto remembered = read_file(RunFolder(default_run_folder).hub(), 256);
  const auto seen = config.device == "auto" ? place_of_the_only_device() : usb_path_of(config.device);
  const auto place = hub_port_of(seen ? *seen : remembered ? trimmed(*remembered) : std::string_view());
  if (place) return describe(*place);
  return fail("nobody has seen yet which hub the gateway hangs on",
              "plug the gateway in, or name the hub: hub = \"1-1\" (uhubctl lists them)");
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

bool check_cluster(const Config& config) {
  const bool network = report("network", check_network(config));
  const bool hub = report("hub", check_hub(config));
  return network && hub;
}

}  // namespace

int check(const Config& config, const std::filesystem::path& root) {
  const std::string address =
      fmt::format("{} port {}, {} baud", config.listen_address, config.port, config.baud);
  report("configuration", address);
  const bool identity = report("identity", check_identity_files(root));
  const bool gateway = report("gateway", check_gateway(config));
  const bool cluster = config.role != Role::cluster || check_cluster(config);
  return identity && gateway && cluster ? 0 : 1;
}

}  // namespace pizwg
