#include "adapters/machine_facts.h"

#include <cerrno>
#include <charconv>
#include <fmt/format.h>
#include <sstream>
#include <sys/timex.h>

#include "base/file.h"
#include "base/text.h"

namespace pizwg {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t largest = 256;
constexpr std::size_t largest_table = 1024 * 1024;

std::optional<std::string> line_of(const fs::path& path) {
  const auto text = read_file(path, largest);
  return text ? std::optional(std::string(trimmed(*text))) : std::nullopt;
}

bool has_option(std::string_view options, std::string_view wanted) {
  return fmt::format(",{},", options).find(fmt::format(",{},", wanted)) != std::string::npos;
}

// A line of mountinfo: "22 1 8:2 / / rw,relatime shared:1 - ext4 /dev/root ro": the mount's options and,
// last, the file system's. Empty for another place than the root.
std::optional<bool> root_read_only_in(std::string_view line) {
  std::istringstream words{std::string(line)};
  std::string id, parent, device, inner, place, mount, last;
  words >> id >> parent >> device >> inner >> place >> mount;
  if (place != "/") return std::nullopt;
  while (words >> last) {
  }
  return has_option(mount, "ro") || has_option(last, "ro");
}

// As the machine's first process sees it: to a unit with ProtectSystem=strict everything is read-only. Of
// several mounts on one place the last is on top.
std::optional<bool> root_read_only(const fs::path& root) {
  const auto mounts = read_file(root / "proc/1/mountinfo", largest_table);
  std::optional<bool> read_only;
  std::istringstream lines(mounts.value_or(""));
  for (std::string line; std::getline(lines, line);) {
    if (const auto said = root_read_only_in(line)) read_only = said;
  }
  return read_only;
}

// The kernel's word; where the unit's sandbox forbids to ask, that of systemd-timesyncd.
std::optional<bool> clock_synchronised(const fs::path& root) {
  timex nothing{};
  if (::adjtimex(&nothing) >= 0) return (nothing.status & STA_UNSYNC) == 0;
  std::error_code ignored;
  if (!fs::exists(root / "run/systemd/timesync", ignored)) return std::nullopt;
  return fs::exists(root / "run/systemd/timesync/synchronized", ignored);
}

std::optional<bool> watchdog_armed(const fs::path& root) {
  const auto state = line_of(root / "sys/class/watchdog/watchdog0/state");
  return state ? std::optional(*state == "active") : std::nullopt;
}

// Of the vendor's kernel: hexadecimal, a bit each for what is so now, and 16 bits higher for what has been.
std::optional<unsigned> throttled_bits(const fs::path& root) {
  auto text = line_of(root / "sys/devices/platform/soc/soc:firmware/get_throttled");
  if (!text) return std::nullopt;
  if (text->starts_with("0x")) text->erase(0, 2);
  unsigned bits = 0;
  const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), bits, 16);
  return error == std::errc() ? std::optional(bits) : std::nullopt;
}

// Of the kernel that Debian has: the driver raspberrypi-hwmon.
std::optional<bool> voltage_alarm(const fs::path& root) {
  std::error_code error;
  for (fs::directory_iterator entry(root / "sys/class/hwmon", error), end; !error && entry != end;
       entry.increment(error)) {
    if (line_of(entry->path() / "name") != "rpi_volt") continue;
    const auto alarm = line_of(entry->path() / "in0_lcrit_alarm");
    return alarm ? std::optional(*alarm != "0") : std::nullopt;
  }
  return std::nullopt;
}

}  // namespace

MachineStatus read_machine_status(const fs::path& root) {
  constexpr unsigned under_voltage_now = 0x1;
  constexpr unsigned capped_now = 0x2 | 0x4 | 0x8;  // frequency, throttling, soft temperature limit
  MachineStatus status{.root_read_only = root_read_only(root),
                       .clock_synchronised = clock_synchronised(root),
                       .watchdog_armed = watchdog_armed(root),
                       .under_voltage = voltage_alarm(root)};
  if (const auto bits = throttled_bits(root)) {
    status.under_voltage = (*bits & under_voltage_now) != 0;
    status.throttled = (*bits & capped_now) != 0;
  }
  return status;
}

}  // namespace pizwg
