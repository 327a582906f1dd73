#include "core/partition_table.h"

#include <gtest/gtest.h>
#include <string>

namespace pizwg {
namespace {

std::string table(char type, std::string_view first_sector) {
  std::string sector(sector_size, '\0');
  sector[450] = type;
  sector.replace(454, 4, first_sector);
  sector[510] = '\x55';
  sector[511] = '\xaa';
  return sector;
}

TEST(PartitionTable, FindsTheFirstPartitionWhenItIsFat) {
  using namespace std::string_view_literals;
  EXPECT_EQ(boot_partition_offset(table('\x0c', "\x00\x20\x00\x00"sv)), 4U * 1024 * 1024);
  EXPECT_EQ(boot_partition_offset(table('\x0c', "\xff\xff\xff\xff"sv)), 0xffffffffULL * 512);
}

TEST(PartitionTable, FindsNothingInWhateverElse) {
  using namespace std::string_view_literals;
  EXPECT_FALSE(boot_partition_offset(""));
  EXPECT_FALSE(boot_partition_offset(std::string(sector_size, '\0')));
  EXPECT_FALSE(boot_partition_offset(table('\x83', "\x00\x20\x00\x00"sv)));
  EXPECT_FALSE(boot_partition_offset(table('\xee', "\x01\x00\x00\x00"sv))) << "a GPT's protective entry";
  EXPECT_FALSE(boot_partition_offset(table('\x0c', "\x00\x00\x00\x00"sv)));
  EXPECT_FALSE(boot_partition_offset(table('\x0c', "\x00\x20\x00\x00"sv).substr(0, 511)));
}

std::string boot_sector(std::size_t kind_at, std::string_view kind, std::size_t state_at, char state) {
  std::string sector(sector_size, '\0');
  sector.replace(kind_at, kind.size(), kind);
  sector[state_at] = state;
  return sector;
}

TEST(FatIsDirty, ByTheMarkOfEachKind) {
  EXPECT_TRUE(fat_is_dirty(boot_sector(82, "FAT32   ", 65, 1)));
  EXPECT_FALSE(fat_is_dirty(boot_sector(82, "FAT32   ", 65, 0)));
  EXPECT_FALSE(fat_is_dirty(boot_sector(82, "FAT32   ", 37, 1))) << "that is the size of a FAT there";
  EXPECT_TRUE(fat_is_dirty(boot_sector(54, "FAT16   ", 37, 1)));
  EXPECT_FALSE(fat_is_dirty(boot_sector(54, "FAT12   ", 37, 2)));
  EXPECT_FALSE(fat_is_dirty(std::string(sector_size, '\1'))) << "no FAT";
  EXPECT_FALSE(fat_is_dirty(""));
}

}  // namespace
}  // namespace pizwg
