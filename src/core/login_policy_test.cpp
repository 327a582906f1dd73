#include "core/login_policy.h"

#include <gtest/gtest.h>

namespace pizwg {
namespace {

TEST(LoginPolicy, ARootPasswordIsLockedWhenNothingCanBeTyped) {
  EXPECT_EQ(root_password_locked("daemon:*:1::::::\nroot:!:19000:0:::::\n"), true);
  EXPECT_EQ(root_password_locked("root:*:19000:0:::::"), true);
  EXPECT_EQ(root_password_locked("root:$y$j9T$x:19000:0:::::"), false);
  EXPECT_EQ(root_password_locked("root::19000:0:::::"), false);
  EXPECT_EQ(root_password_locked("toor:!:1\n"), std::nullopt);
}

TEST(LoginPolicy, OfSshTheFirstWordCounts) {
  EXPECT_TRUE(ssh_password_login({}));
  EXPECT_TRUE(ssh_password_login({"#PasswordAuthentication no\n"}));
  EXPECT_FALSE(
      ssh_password_login({"Port 22\n\tpasswordauthentication=NO\n", "PasswordAuthentication yes\n"}));
  EXPECT_TRUE(ssh_password_login({"PasswordAuthentication yes\nPasswordAuthentication no\n"}));
  EXPECT_TRUE(ssh_password_login({"Match User x\nPasswordAuthentication no\n"}));
}

}  // namespace
}  // namespace pizwg
