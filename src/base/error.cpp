#include "base/error.h"

#include <fmt/core.h>
#include <system_error>
#include <utility>

namespace pizwg {

std::unexpected<Error> fail(std::string what, std::string hint) {
  return std::unexpected(Error{std::move(what), std::move(hint)});
}

std::unexpected<Error> fail_errno(std::string_view doing, int error_number, std::string hint) {
  return fail(fmt::format("{}: {}", doing, std::generic_category().message(error_number)), std::move(hint));
}

std::unexpected<Error> fail_with(std::string_view context, Error error) {
  return fail(fmt::format("{}: {}", context, error.what), std::move(error.hint));
}

std::string describe(std::string_view program, const Error& error) {
  std::string text = fmt::format("{}: error: {}\n", program, error.what);
  if (!error.hint.empty()) text += fmt::format("{}: hint: {}\n", program, error.hint);
  return text;
}

}  // namespace pizwg
