#pragma once
// Small text functions that the standard library lacks.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace pizwg {

// In double quotes; quotes and backslashes escaped; control characters and bytes above 0x7e as \xNN. Safe in
// a log and on a terminal whatever the bytes are.
std::string in_quotes(std::string_view text);

// "0a1bff": lower case, no separator.
std::string hex(std::span<const std::uint8_t> bytes);

// Without white space at both ends.
std::string_view trimmed(std::string_view text);

// "a, b and c".
std::string list_of(std::span<const std::string> words);

// Broken between words where a line would have more than `columns`. The first line begins at the column
// `indent` already, the others are indented to it. A word that is too long for any line has one of its own.
std::string wrapped(std::string_view text, std::size_t indent, std::size_t columns = 80);

// The candidate nearest to a mistyped word, when it is near enough to be meant: at most a third of its
// letters differ.
std::optional<std::string> did_you_mean(std::string_view word, std::span<const std::string_view> candidates);

}  // namespace pizwg
