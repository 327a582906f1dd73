#include "core/client_name.h"

#include <algorithm>

#include "base/text.h"

namespace pizwg {
namespace {

constexpr std::size_t longest_name = 63;

// Not std::isalnum: the answer must not depend on the locale.
bool is_letter_or_digit(char c) {
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

bool is_name_character(char c) {
  return is_letter_or_digit(c) || c == '.' || c == '_' || c == '-';
}

}  // namespace

bool is_client_name(std::string_view name) {
  return !name.empty() && name.size() <= longest_name && is_letter_or_digit(name.front()) &&
         std::ranges::all_of(name, is_name_character);
}

Result<void> check_client_name(std::string_view name) {
  if (is_client_name(name)) return {};
  return fail("bad client name " + in_quotes(name),
              "use a-z, 0-9, \".\", \"_\" and \"-\", a letter or digit first, at most 63");
}

}  // namespace pizwg
