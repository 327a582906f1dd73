#include "core/client_name.h"

#include <gtest/gtest.h>
#include <string>

namespace pizwg {
namespace {

TEST(ClientName, TakesTheNamesThatPeopleGive) {
  for (const char* name : {"pizwg-client", "a", "0", "home.assistant_2", "a..b"})
    EXPECT_TRUE(is_client_name(name));
  EXPECT_TRUE(is_client_name(std::string(63, 'a')));
}

TEST(ClientName, RefusesWhatCouldBeAPathAnOptionOrASurprise) {
  for (const char* name : {"", ".", "..", ".a", "-a", "_a", "a/b", "../a", "A", "a b", "a\n", "\xc3\xa4"}) {
    EXPECT_FALSE(is_client_name(name)) << name;
  }
  EXPECT_FALSE(is_client_name(std::string(64, 'a')));
  EXPECT_FALSE(is_client_name(std::string_view("a\0b", 3)));
}

TEST(ClientName, TheFailureQuotesTheNameAndSaysWhatIsAllowed) {
  const auto checked = check_client_name("a/b");
  ASSERT_FALSE(checked);
  EXPECT_EQ(checked.error().what, "bad client name \"a/b\"");
  EXPECT_NE(checked.error().hint.find("a-z"), std::string::npos);
}

}  // namespace
}  // namespace pizwg
