#pragma once
// What a card's boot partition may carry for the host that boots from it: the folder pizwg, by the files'
// names; and what such a file has to look like. The host looks again (packaging/appliance/lib/first-boot),
// because anybody may have put it there.

#include <map>
#include <string>
#include <string_view>

#include "base/error.h"

namespace pizwg {

inline constexpr std::string_view inbox_folder = "pizwg";
inline constexpr std::size_t largest_inbox_file = std::size_t{1024} * 1024;

// Name to content.
using Inbox = std::map<std::string, std::string, std::less<>>;

// One public key a line, as in authorized_keys. A private key is refused with its own words: it must not get
// onto a card.
Result<void> check_authorized_keys(std::string_view text);

Result<void> check_host_name(std::string_view name);

}  // namespace pizwg
