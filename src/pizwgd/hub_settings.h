#pragma once
// What the configuration says of the hub, as its adapter takes it.

#include "adapters/hub_power.h"
#include "core/config.h"
#include "pizwgd/run_folder.h"

namespace pizwg {

HubPower::Settings hub_settings(const Config& config, const RunFolder& run_folder);

}  // namespace pizwg
