#pragma once
// A passphrase typed by a person: from the terminal, without echo. Not from standard input, arguments or
// environment.

#include <string>

#include "base/error.h"

namespace pizwg {

// As many bytes as are asked for and taken.
inline constexpr int longest_passphrase = 1023;

enum class Ask { once, twice };  // twice: and compare, where a slip would lock the data away

Result<std::string> read_passphrase(const std::string& prompt, Ask ask);

}  // namespace pizwg
