#include "pizwgd/power_off.h"

#include <asio/io_context.hpp>

#include "adapters/election.h"
#include "adapters/hub_power.h"
#include "base/log.h"
#include "pizwgd/gateway.h"
#include "pizwgd/hub_settings.h"
#include "pizwgd/run_folder.h"

namespace pizwg {
namespace {

Result<void> turn_hub_off(const Config& config, const RunFolder& run_folder) {
  asio::io_context io(1);
  HostRecord nobodys;
  Gateway gateway(io, {.device = config.device}, {}, nobodys);
  Result<void> outcome;
  HubPower hub(io, hub_settings(config, run_folder), [&gateway] { return gateway.gone(); },
               {.turned_on = [] {},
                .proven_off = [] { log::notice("hub off"); },
                .failed = [&outcome](Power, const Error& why) { outcome = std::unexpected(why); }});
  if (!hub.usb_path().empty()) gateway.was_at(hub.usb_path());
  hub.turn_off();
  io.run();
  return outcome;
}

}  // namespace

Result<void> power_off(const Config& config) {
  if (config.role != Role::cluster) return {};
  const RunFolder run_folder{default_run_folder};
  const auto dark = turn_hub_off(config, run_folder);
  if (!dark) log::error("the hub was not turned off: " + dark.error().what, {{"hint", dark.error().hint}});
  const auto vetoed = set_veto(run_folder.election().veto);
  if (!vetoed) return vetoed;
  log::notice("veto set");
  return dark;
}

}  // namespace pizwg
