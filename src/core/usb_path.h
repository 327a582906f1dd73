#pragma once
// Places on the USB: which port of which hub a device hangs on, in the words that uhubctl takes.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace pizwg {

enum class Power { off, on };

struct HubPort {
  std::string hub;    // "1-1": bus 1, port 1; "1": the root hub of bus 1
  unsigned port = 0;  // 1 to 31; 0: all of the hub's

  bool operator==(const HubPort&) const = default;
};

// Of a device's or its interface's path: "1-1.2:1.0" hangs on port 2 of hub 1-1, "1-2" on port 2 of root
// hub 1.
std::optional<HubPort> hub_port_of(std::string_view usb_path);

// Whether the text can be the place of a hub: "1", "1-1", "2-1.4".
bool is_hub_location(std::string_view text);

// "1-1 port 2", "1-1, all ports".
std::string describe(const HubPort& where);

// uhubctl's arguments, without its name.
std::vector<std::string> uhubctl_arguments(const HubPort& where, Power power);

}  // namespace pizwg
