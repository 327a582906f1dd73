#pragma once
// What the commands say: results to standard output, warnings to standard error. Errors are values and
// printed in main.

#include <filesystem>
#include <string>
#include <string_view>

#include "adapters/identity.h"
#include "core/status_screen.h"

namespace pizwg {

void say(std::string_view text);       // one line or several, without the last newline
void warn(std::string_view sentence);  // "pizwg: warning: …"

// Name, validity and fingerprint of a certificate, as two lines.
std::string describe_certificate(std::string_view name, const Certificate& certificate);

// Colours on a terminal only, and not where NO_COLOR says so.
Colour colour_of_output();

// False when standard output could not take what was said.
bool all_was_said();

}  // namespace pizwg
