#pragma once
// Where the boot partition of a card begins, from the card's first sector (a PC's partition table, "MBR"),
// and whether it is whole, from its own first sector. Not the other partitions.

#include <cstdint>
#include <optional>
#include <string_view>

namespace pizwg {

inline constexpr std::size_t sector_size = 512;

// In bytes: the first partition, when it is a FAT one. Nothing for whatever else.
std::optional<std::uint64_t> boot_partition_offset(std::string_view first_sector);

// Whether a FAT file system was being written to when it was seen last, by its first sector: Linux sets this
// mark while it may write (fs/fat/inode.c), and the check of the next boot takes it away.
bool fat_is_dirty(std::string_view boot_sector);

}  // namespace pizwg
