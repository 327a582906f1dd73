#include "pizwg/appliance.h"

#include <fmt/format.h>
#include <unistd.h>

#include "base/text.h"
#include "pizwg/command.h"
#include "pizwg/output.h"
#include "pizwg/run_program.h"

namespace pizwg {
namespace {

constexpr const char* close_password = "/usr/sbin/pizwg-close-password";
constexpr const char* upgrade = "/usr/lib/pizwg/upgrade";

}  // namespace

void close_password_login(const std::filesystem::path& root) {
  if (root != "/" || ::access(close_password, X_OK) != 0) return;
  const auto said = run_program({close_password}, std::chrono::seconds{60});
  if (!said)
    warn("a password may still let people in: " + said.error().what);
  else if (!trimmed(*said).empty())
    say(fmt::format("\n{}", trimmed(*said)));
}

// In place of this process: an upgrade takes minutes, and its words are apt's.
Outcome run_upgrade(const Arguments& arguments) {
  const std::string packages = arguments.operands.empty() ? std::string() : arguments.operands.front();
  ::execl(upgrade, upgrade, packages.c_str(), nullptr);
  return std::unexpected(
      Error{"this host was not made from the PiZWG image", "apt-get upgrade does it here"});
}

}  // namespace pizwg
