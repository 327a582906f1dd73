#include "core/inbox.h"

#include <algorithm>
#include <array>

#include "base/text.h"

namespace pizwg {
namespace {

constexpr std::array<std::string_view, 4> key_kinds{"ssh-", "ecdsa-", "sk-ssh-", "sk-ecdsa-"};

// Options may stand before the key.
bool has_public_key(std::string_view line) {
  return std::ranges::any_of(key_kinds, [line](std::string_view kind) {
    const auto at = line.find(kind);
    return at != std::string_view::npos && (at == 0 || line[at - 1] == ' ');
  });
}

bool is_name_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
}

}  // namespace

Result<void> check_authorized_keys(std::string_view text) {
  if (text.contains("PRIVATE KEY")) {
    return fail("it is a private key", "give the public one: the file of the same name with .pub at its end");
  }
  bool found = false;
  while (!text.empty()) {
    const auto end = std::min(text.find('\n'), text.size());
    const auto line = trimmed(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
    if (line.empty() || line.front() == '#') continue;
    if (!has_public_key(line)) return fail("not an SSH public key: " + in_quotes(line.substr(0, 40)));
    found = true;
  }
  if (!found) return fail("there is no SSH public key in it", "ssh-keygen -t ed25519 makes one");
  return {};
}

Result<void> check_host_name(std::string_view name) {
  const bool good = !name.empty() && name.size() <= 63 && name.front() != '-' && name.back() != '-' &&
                    std::ranges::all_of(name, is_name_character);
  if (good) return {};
  return fail("not a host name: " + in_quotes(name), "a-z, 0-9 and -, at most 63 of them");
}

}  // namespace pizwg
