#include "pizwg/run_program.h"

#include <fmt/format.h>

#include "adapters/child_process.h"
#include "base/text.h"

namespace pizwg {

Result<std::string> run_program(const std::vector<std::string>& command, std::chrono::seconds limit) {
  asio::io_context io;
  ChildProcess child(io);
  Result<ChildOutcome> outcome = fail("it did not run");
  child.run(command, limit, [&outcome](Result<ChildOutcome> how) { outcome = std::move(how); });
  io.run();
  if (!outcome) return std::unexpected(outcome.error());
  if (outcome->exit_status != 0) {
    return fail(fmt::format("{} exited with {}: {}", command.front(), outcome->exit_status,
                            trimmed(outcome->output)));
  }
  return std::move(outcome->output);
}

}  // namespace pizwg
