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

}  // namespace
}  // namespace pizwg
