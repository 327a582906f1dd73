#include "core/partition_table.h"

namespace pizwg {
namespace {

// Of the first of four entries, and in it.
constexpr std::size_t first_entry = 446;
constexpr std::size_t type_at = first_entry + 4;
constexpr std::size_t first_sector_at = first_entry + 8;
constexpr std::size_t signature_at = 510;

std::uint64_t byte(std::string_view text, std::size_t at) {
  return static_cast<unsigned char>(text[at]);
}

bool is_fat(std::uint64_t type) {
  return type == 0x0b || type == 0x0c || type == 0x0e || type == 0xef;
}

}  // namespace

std::optional<std::uint64_t> boot_partition_offset(std::string_view first_sector) {
  if (first_sector.size() < sector_size) return {};
  if (byte(first_sector, signature_at) != 0x55 || byte(first_sector, signature_at + 1) != 0xaa) return {};
  if (!is_fat(byte(first_sector, type_at))) return {};
  std::uint64_t sector = 0;
  for (std::size_t i = 4; i > 0; --i) sector = sector << 8U | byte(first_sector, first_sector_at + i - 1);
  if (sector == 0) return {};
  return sector * sector_size;
}

bool fat_is_dirty(std::string_view boot_sector) {
  constexpr std::size_t kind_at = 82;
  constexpr std::size_t state_at = 65;
  constexpr std::size_t small_kind_at = 54;  // FAT12, FAT16
  constexpr std::size_t small_state_at = 37;
  constexpr std::uint64_t dirty = 1;
  if (boot_sector.size() < sector_size) return false;
  if (boot_sector.substr(kind_at).starts_with("FAT32")) return (byte(boot_sector, state_at) & dirty) != 0;
  return boot_sector.substr(small_kind_at).starts_with("FAT") &&
         (byte(boot_sector, small_state_at) & dirty) != 0;
}

}  // namespace pizwg
