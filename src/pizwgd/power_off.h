#pragma once
// `pizwgd --power-off`: what systemd does after the daemon has ended, however that was: the hub goes dark,
// and then the veto lets the VIP go. Waits for the hub, but not for ever.

#include "base/error.h"
#include "core/config.h"

namespace pizwg {

// Nothing, on a standalone host. Errors: the hub was not proven off, or the veto not set. The veto is tried
// in any case: a host without a daemon must not be master.
Result<void> power_off(const Config& config);

}  // namespace pizwg
