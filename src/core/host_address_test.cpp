#include "core/host_address.h"

#include <gtest/gtest.h>

namespace pizwg {
namespace {

TEST(HostAddress, IsReadAsPeopleTypeIt) {
  EXPECT_EQ(parse_host_address("192.168.1.254", 3333), (HostAddress{"192.168.1.254", 3333}));
  EXPECT_EQ(parse_host_address("gateway.example:99", 3333), (HostAddress{"gateway.example", 99}));
  EXPECT_EQ(parse_host_address("[fe80::1]:99", 3333), (HostAddress{"fe80::1", 99}));
  EXPECT_EQ(parse_host_address("fe80::1", 3333), (HostAddress{"fe80::1", 3333}));
  EXPECT_EQ(parse_host_address("[fe80::1]", 3333), (HostAddress{"fe80::1", 3333}));
}

TEST(HostAddress, IsWrittenAsItIsTyped) {
  EXPECT_EQ((HostAddress{"10.0.0.1", 3333}).text(), "10.0.0.1:3333");
  EXPECT_EQ((HostAddress{"fe80::1", 3333}).text(), "[fe80::1]:3333");
}

TEST(HostAddress, WithoutAPortNeedsADefault) {
  EXPECT_FALSE(parse_host_address("127.0.0.1", 0));
}

TEST(HostAddress, RefusesWhatIsNone) {
  for (const auto* bad : {"", ":3333", "a:", "a:b", "a:70000", "a:-1", "a:1x", "[::1", "[::1]3",
                          "[::1]:", "a b:1", "tcp://a:1", "[]:1"}) {
    EXPECT_FALSE(parse_host_address(bad, 3333)) << bad;
  }
}

}  // namespace
}  // namespace pizwg
