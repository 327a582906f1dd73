#include "core/ipv4.h"

#include <gtest/gtest.h>

namespace pizwg {
namespace {

Ipv4Interface interface(std::string_view address, unsigned prefix) {
  return {Ipv4::parse(address).value(), prefix};
}

std::string vip_of(std::string_view address, unsigned prefix) {
  const auto vip = default_vip(interface(address, prefix));
  return vip ? vip->text() : vip.error().what;
}

TEST(Ipv4, TextAndValueGoBothWays) {
  for (const char* text : {"0.0.0.0", "192.168.1.254", "255.255.255.255", "10.0.0.1"}) {
    ASSERT_TRUE(Ipv4::parse(text)) << text;
    EXPECT_EQ(Ipv4::parse(text)->text(), text);
  }
  EXPECT_EQ(Ipv4::parse("192.168.1.254")->value, 0xc0a801feU);
}

TEST(Ipv4, WhatIsNoAddressIsNone) {
  for (const char* text :
       {"", "1", "1.2.3", "1.2.3.", "1.2.3.4.", "1.2.3.4.5", "256.1.1.1", "1.2.3.-4", "01.2.3.4", " 1.2.3.4",
        "1.2.3.4 ", "1.2.3.4/24", "a.b.c.d", "1..2.3", "0001.2.3.4", "::1"}) {
    EXPECT_FALSE(Ipv4::parse(text)) << text;
  }
}

TEST(Ipv4, ASubnetKnowsItsEnds) {
  const auto host = interface("192.168.1.20", 24);
  EXPECT_EQ(host.network().text(), "192.168.1.0");
  EXPECT_EQ(host.broadcast().text(), "192.168.1.255");
  EXPECT_TRUE(host.contains(*Ipv4::parse("192.168.1.254")));
  EXPECT_FALSE(host.contains(*Ipv4::parse("192.168.2.1")));
  EXPECT_TRUE(interface("1.2.3.4", 0).contains(*Ipv4::parse("200.1.1.1")));
  EXPECT_FALSE(interface("1.2.3.4", 32).contains(*Ipv4::parse("1.2.3.5")));
}

TEST(Ipv4, TheVipIsTheLastUsableAddress) {
  EXPECT_EQ(vip_of("192.168.1.20", 24), "192.168.1.254");
  EXPECT_EQ(vip_of("10.1.2.3", 16), "10.1.255.254");
  EXPECT_EQ(vip_of("192.168.1.18", 29), "192.168.1.22");
  EXPECT_EQ(vip_of("192.168.1.1", 30), "192.168.1.2");
}

TEST(Ipv4, WhereThereIsNoRoomForAVipItSaysSo) {
  EXPECT_EQ(vip_of("192.168.1.1", 31), "192.168.1.1/31 leaves no address for the VIP");
  EXPECT_EQ(vip_of("192.168.1.254", 24), "the VIP would be 192.168.1.254, which is this host's own address");
}

TEST(Ipv4, ThePriorityIsTheLastNumber) {
  EXPECT_EQ(default_priority(*Ipv4::parse("192.168.1.20")), 20U);
  EXPECT_EQ(default_priority(*Ipv4::parse("10.1.2.0")), 1U);
  EXPECT_EQ(default_priority(*Ipv4::parse("10.1.2.255")), 254U);
}

}  // namespace
}  // namespace pizwg
