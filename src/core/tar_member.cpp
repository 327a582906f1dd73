#include "core/tar_member.h"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <fmt/format.h>
#include <optional>

#include "base/text.h"

namespace pizwg {
namespace {

constexpr std::size_t block = 512;

// POSIX's ustar header: the place of each field in its block.
constexpr std::size_t name_size = 100;
constexpr std::size_t size_at = 124;
constexpr std::size_t checksum_at = 148;
constexpr std::size_t type_at = 156;
constexpr std::size_t magic_at = 257;

std::string_view text_in(std::string_view field) {
  return field.substr(0, field.find('\0'));
}

std::optional<std::uint64_t> octal_in(std::string_view field) {
  const auto digits = trimmed(text_in(field));
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value, 8);
  if (error != std::errc() || end != digits.data() + digits.size()) return std::nullopt;
  return value;
}

// The sum of the header's bytes, its own field counted as spaces.
bool is_header(std::string_view header) {
  std::uint64_t sum = 8 * std::uint64_t{' '};
  for (std::size_t i = 0; i < block; ++i) {
    if (i < checksum_at || i >= checksum_at + 8) sum += static_cast<unsigned char>(header[i]);
  }
  return header.substr(magic_at, 5) == "ustar" && octal_in(header.substr(checksum_at, 8)) == sum;
}

bool is_end(std::string_view header) {
  return std::ranges::all_of(header, [](char c) { return c == '\0'; });
}

bool is_regular(std::string_view header) {
  return header[type_at] == '0' || header[type_at] == '\0';
}

}  // namespace

Result<std::string> read_tar_member(std::string_view archive, std::string_view name) {
  std::optional<std::string> found;
  while (archive.size() >= block) {
    const auto header = archive.substr(0, block);
    if (is_end(header)) break;
    const auto size = octal_in(header.substr(size_at, 12));
    if (!is_header(header) || !size) return fail("it is no tar archive, or a damaged one");
    archive.remove_prefix(block);
    if (*size > archive.size()) return fail("the archive is cut short");
    auto its_name = text_in(header.substr(0, name_size));
    if (its_name.starts_with("./")) its_name.remove_prefix(2);
    if (is_regular(header) && its_name == name) found = archive.substr(0, *size);
    archive.remove_prefix(std::min((*size + block - 1) / block * block, archive.size()));
  }
  if (found) return *found;
  return fail(fmt::format("there is no {} in it", in_quotes(name)));
}

}  // namespace pizwg
