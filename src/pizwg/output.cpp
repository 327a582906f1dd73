#include "pizwg/output.h"

#include <cstdio>
#include <cstdlib>
#include <fmt/format.h>
#include <unistd.h>

#include "core/date.h"

namespace pizwg {

void say(std::string_view text) {
  fmt::print(stdout, "{}\n", text);
}

void warn(std::string_view sentence) {
  fmt::print(stderr, "pizwg: warning: {}\n", sentence);
}

std::string describe_certificate(std::string_view name, const Certificate& certificate) {
  return fmt::format("  {}, valid {} to {}, SHA-256:\n    {}", name, format_date(certificate.not_before),
                     format_date(certificate.not_after), certificate.fingerprint);
}

Colour colour_of_output() {
  return ::isatty(STDOUT_FILENO) == 1 && std::getenv("NO_COLOR") == nullptr ? Colour::yes : Colour::no;
}

bool all_was_said() {
  return std::fflush(stdout) == 0 && std::ferror(stdout) == 0;
}

}  // namespace pizwg
