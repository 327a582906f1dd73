#include "pizwgd/hub_settings.h"

namespace pizwg {

HubPower::Settings hub_settings(const Config& config, const RunFolder& run_folder) {
  HubPower::Settings settings;
  settings.switchable = config.hub != "none";
  settings.port = config.hub_port;
  settings.memory = run_folder.hub();
  if (settings.switchable && config.hub != "auto") {
    settings.where = HubPort{.hub = config.hub, .port = config.hub_port};
  }
  return settings;
}

}  // namespace pizwg
