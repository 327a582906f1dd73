#include "pizwgd/run_folder.h"

#include <charconv>
#include <cstdint>
#include <fmt/format.h>
#include <unistd.h>

#include "base/file.h"
#include "base/text.h"

namespace pizwg {
namespace {

constexpr std::size_t largest = 4096;
constexpr mode_t ours = 0600;

template <typename Number>
std::optional<Number> number(std::string_view text) {
  Number value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

// /proc/1/stat: "1 (systemd) S …": the 22nd field is its start in clock ticks since the kernel's. In a
// container that is the container's start.
TimePoint init_started_at() {
  const auto stat = read_file("/proc/1/stat", largest);
  if (!stat) return {};
  std::string_view rest(*stat);
  rest.remove_prefix(std::min(rest.rfind(')') + 1, rest.size()));  // the name may have spaces
  for (int field = 3; field <= 22 && !rest.empty(); ++field) {
    rest.remove_prefix(std::min(rest.find_first_not_of(' '), rest.size()));
    const std::string_view word = rest.substr(0, rest.find(' '));
    rest.remove_prefix(word.size());
    if (field < 22) continue;
    const auto ticks = number<std::int64_t>(word);
    if (ticks) return TimePoint(std::chrono::milliseconds(*ticks * 1000 / ::sysconf(_SC_CLK_TCK)));
  }
  return {};
}

}  // namespace

Result<void> RunFolder::prepare() const {
  std::error_code error;
  std::filesystem::create_directory(path_, error);
  if (error) return fail_file("make", path_, error.value());
  return {};
}

Beginning::Memory RunFolder::memory() const {
  const auto text = read_file(path_ / "memory", largest);
  if (!text) return Beginning::Memory::none;
  return trimmed(*text) == "proven" ? Beginning::Memory::proven : Beginning::Memory::unproven;
}

Result<void> RunFolder::remember(bool proven) const {
  return write_file(path_ / "memory", proven ? "proven\n" : "unproven\n", ours);
}

bool RunFolder::maintenance() const {
  std::error_code ignored;
  return std::filesystem::exists(path_ / "maintenance", ignored);
}

Result<void> RunFolder::set_maintenance(bool on) const {
  if (on) return write_file(path_ / "maintenance", "", ours);
  std::error_code error;
  std::filesystem::remove(path_ / "maintenance", error);
  if (error) return fail_file("remove", path_ / "maintenance", error.value());
  return {};
}

TimePoint RunFolder::booted_at() const {
  const TimePoint init = init_started_at();
  const auto text = read_file(path_ / "soft-reboot", largest);
  if (!text) return init;
  const auto noted = number<TimePoint::rep>(trimmed(*text));
  return noted ? std::max(init, TimePoint(TimePoint::duration(*noted))) : init;
}

Result<void> RunFolder::note_soft_reboot(TimePoint now) const {
  return write_file(path_ / "soft-reboot", fmt::format("{}\n", now.time_since_epoch().count()), ours);
}

}  // namespace pizwg
