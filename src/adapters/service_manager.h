#pragma once
// Tells systemd how we are (sd_notify's protocol: datagrams to $NOTIFY_SOCKET). Without systemd it does
// nothing. Own lines rather than libsystemd, which would bring five compression and crypto libraries into the
// process that holds the keys.

#include <chrono>
#include <optional>
#include <string_view>

namespace pizwg::service_manager {

void ready();
void stopping();
// One line for `systemctl status`.
void status(std::string_view sentence);
// "We are alive": to be said at least every `watchdog_interval`.
void alive();

// Half the time after which systemd would kill us; empty when it does not watch.
std::optional<std::chrono::microseconds> watchdog_interval();

}  // namespace pizwg::service_manager
