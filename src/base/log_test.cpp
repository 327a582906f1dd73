#include "base/log.h"

#include <gtest/gtest.h>

namespace pizwg::log {
namespace {

TEST(FormatLine, IsASentenceThenKeyValue) {
  EXPECT_EQ(format_line("session started", {{"client", "pizwg-client"}, {"from", "192.0.2.7:4711"}}),
            "session started client=pizwg-client from=192.0.2.7:4711");
}

TEST(FormatLine, AValueCanForgeNeitherALineNorAField) {
  EXPECT_EQ(format_line("refused", {{"name", "x\nerror: all is lost"}, {"b", "c d=e"}, {"empty", ""}}),
            "refused name=\"x\\x0aerror: all is lost\" b=\"c d=e\" empty=\"\"");
}

}  // namespace
}  // namespace pizwg::log
