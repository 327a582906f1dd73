#pragma once
// Expected failures as values: what happened, and what the user can type or do next.
// Built where it happens, given context on the way up, printed once at the top. Not for programmers' errors:
// those assert.

#include <expected>
#include <string>
#include <string_view>

namespace pizwg {

struct Error {
  std::string what;  // lower case, the bad value in double quotes, no full stop
  std::string hint;  // the next thing to do; may be empty

  bool operator==(const Error&) const = default;
};

template <typename T>
using Result = std::expected<T, Error>;

// `return fail("…", "…")` from a function that returns a Result.
std::unexpected<Error> fail(std::string what, std::string hint = {});

// "cannot open "/dev/x": No such file or directory", from `doing` = `cannot open "/dev/x"` and an errno
// value.
std::unexpected<Error> fail_errno(std::string_view doing, int error_number, std::string hint = {});

// The same failure, told in the terms of the caller: "context: what".
std::unexpected<Error> fail_with(std::string_view context, Error error);

// The two lines that a user sees: "program: error: what" and, when there is one, "program: hint: hint".
std::string describe(std::string_view program, const Error& error);

}  // namespace pizwg
