#pragma once
// The name of a client identity: [a-z0-9][a-z0-9._-]{0,62}. It is a folder's name, a certificate's common
// name and a word on the command line, so it is narrow on purpose: it can neither climb out of its folder nor
// look like an option.

#include <string_view>

#include "base/error.h"

namespace pizwg {

inline constexpr std::string_view default_client_name = "pizwg-client";

bool is_client_name(std::string_view name);

// The failure says what is allowed.
Result<void> check_client_name(std::string_view name);

}  // namespace pizwg
