#include "core/date.h"

#include <gtest/gtest.h>

namespace pizwg {
namespace {

TEST(Date, IsReadAndWrittenAsPeopleDo) {
  const auto day = parse_date("2038-01-17");
  ASSERT_TRUE(day);
  EXPECT_EQ(*day, last_safe_day);
  EXPECT_EQ(format_date(*day), "2038-01-17");
  EXPECT_EQ(format_date(end_of(*day)), "2038-01-17");
  EXPECT_EQ(end_of(*day).time_since_epoch().count(), 2147385599);
}

TEST(Date, TellsTimesAsProgramsDo) {
  const auto day = std::chrono::sys_days(std::chrono::year{2026} / 11 / 25);
  EXPECT_EQ(format_time(day + std::chrono::milliseconds(46'805'999)), "2026-11-25T13:00:05Z");
  EXPECT_EQ(format_time({}), "1970-01-01T00:00:00Z");
}

TEST(Date, KnowsTheCalendar) {
  EXPECT_TRUE(parse_date("2024-02-29"));
  EXPECT_FALSE(parse_date("2023-02-29"));
  EXPECT_FALSE(parse_date("2024-13-01"));
  EXPECT_FALSE(parse_date("2024-00-10"));
}

TEST(Date, RefusesEverythingElse) {
  for (const char* text : {"", "2024", "24-01-01", "2024/01/01", "2024-1-1", "2024-01-011", "+024-01-01",
                           "2024-01-0x", "-024-01-01", "2024-01- 1"}) {
    EXPECT_FALSE(parse_date(text)) << text;
  }
}

}  // namespace
}  // namespace pizwg
