#include "adapters/process_state.h"

#include <charconv>
#include <fmt/format.h>
#include <string>
#include <string_view>

#include "base/file.h"
#include "base/text.h"

namespace pizwg {
namespace {

std::string_view value_of(std::string_view status, std::string_view key) {
  const auto found = status.find(key);
  if (found == std::string_view::npos) return {};
  status.remove_prefix(found + key.size());
  return trimmed(status.substr(0, status.find('\n')));
}

}  // namespace

std::optional<ProcessState> read_process_state(int pid) {
  const auto status = read_file(fmt::format("/proc/{}/status", pid), 16 * 1024);
  if (!status) return std::nullopt;
  const std::string_view state = value_of(*status, "\nState:");
  const std::string_view sleeps = value_of(*status, "\nvoluntary_ctxt_switches:");
  if (state.empty()) return std::nullopt;
  ProcessState found{.state = state.front()};
  std::from_chars(sleeps.data(), sleeps.data() + sleeps.size(), found.sleeps);
  return found;
}

}  // namespace pizwg
