#pragma once
// Where the boot partition of a card begins, from the card's first sector (a PC's partition table, "MBR").
// Not the other partitions.

#include <cstdint>
#include <optional>
#include <string_view>

namespace pizwg {

inline constexpr std::size_t sector_size = 512;

// In bytes: the first partition, when it is a FAT one. Nothing for whatever else.
std::optional<std::uint64_t> boot_partition_offset(std::string_view first_sector);

}  // namespace pizwg
