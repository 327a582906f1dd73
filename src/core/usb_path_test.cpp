#include "core/usb_path.h"

#include <gtest/gtest.h>

namespace pizwg {
namespace {

TEST(UsbPath, ADeviceHangsOnTheLastPortOfItsPath) {
  EXPECT_EQ(hub_port_of("1-1.2:1.0"), (HubPort{"1-1", 2}));
  EXPECT_EQ(hub_port_of("1-1.4.3:1.0"), (HubPort{"1-1.4", 3}));
  EXPECT_EQ(hub_port_of("1-2:1.0"), (HubPort{"1", 2}));
  EXPECT_EQ(hub_port_of("2-1"), (HubPort{"2", 1}));
  EXPECT_EQ(hub_port_of("10-1.12:1.0"), (HubPort{"10-1", 12}));
}

TEST(UsbPath, WhatIsNoPathHangsNowhere) {
  for (const char* path : {"", "usb1", "1", "1-", "-1", "1-1.", "1-.1", "1-0", "1-1.0:1.0", "1-x", "a-1",
                           "1-1..2", "1-32", "1-1.2.3.4.5.6.7", "256-1", "01-1"}) {
    EXPECT_FALSE(hub_port_of(path)) << path;
  }
}

TEST(UsbPath, AHubIsABusOrAPlaceOnIt) {
  for (const char* hub : {"1", "1-1", "2-1.4", "1-1.4.2"}) EXPECT_TRUE(is_hub_location(hub)) << hub;
  for (const char* hub : {"", "0", "1-", "1-1.", "usb1", "1-1:1.0", "auto", "1-1 "}) {
    EXPECT_FALSE(is_hub_location(hub)) << hub;
  }
}

TEST(UsbPath, UhubctlIsToldThePlaceAndTheAction) {
  using Words = std::vector<std::string>;
  EXPECT_EQ(uhubctl_arguments({"1-1", 2}, Power::off),
            (Words{"--location", "1-1", "--action", "off", "--nodesc", "--ports", "2"}));
  EXPECT_EQ(uhubctl_arguments({"1", 0}, Power::on), (Words{"--location", "1", "--action", "on", "--nodesc"}));
}

}  // namespace
}  // namespace pizwg
