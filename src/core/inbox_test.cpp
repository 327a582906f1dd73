#include "core/inbox.h"

#include <gtest/gtest.h>

namespace pizwg {
namespace {

TEST(Inbox, TakesPublicKeysOnly) {
  EXPECT_TRUE(check_authorized_keys("ssh-ed25519 AAAA me\n"));
  EXPECT_TRUE(check_authorized_keys(
      "# mine\r\n\r\nfrom=\"10.0.0.1\" ecdsa-sha2-nistp256 AAAA\r\nsk-ssh-ed25519@openssh.com AAAA"));
  EXPECT_FALSE(check_authorized_keys(""));
  EXPECT_FALSE(check_authorized_keys("# none\n"));
  EXPECT_FALSE(check_authorized_keys("ssh-ed25519 AAAA me\nhello\n"));
}

TEST(Inbox, SaysThatAKeyIsPrivate) {
  const auto refused = check_authorized_keys("-----BEGIN OPENSSH PRIVATE KEY-----\n");
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().what, "it is a private key");
}

TEST(Inbox, TakesHostNames) {
  EXPECT_TRUE(check_host_name("cellar"));
  EXPECT_TRUE(check_host_name("pizwg-2"));
  for (const auto* bad : {"", "-a", "a-", "Cellar", "a.b", "a b", "a\n"})
    EXPECT_FALSE(check_host_name(bad)) << bad;
  EXPECT_FALSE(check_host_name(std::string(64, 'a')));
}

}  // namespace
}  // namespace pizwg
