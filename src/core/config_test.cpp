#include "core/config.h"

#include <gtest/gtest.h>

namespace pizwg {
namespace {

Error error_of(std::string_view text) {
  const auto config = parse_config(text, "pizwg.toml");
  EXPECT_FALSE(config.has_value()) << text;
  return config ? Error{} : config.error();
}

TEST(Config, NothingSaidIsTheDefaults) {
  EXPECT_EQ(parse_config("", "f"), Config{});
}

TEST(Config, EveryKeyIsRead) {
  const auto config = parse_config(R"(
role = "standalone"
device = "/dev/ttyACM0"
baud = 57600
listen_address = "::1"
port = 4444
idle_limit_seconds = 60
gateway_grace_seconds = 3
metrics_folder = "/var/lib/prometheus/node-exporter"
state_folder = "/data/pizwg"
)",
                                   "f");
  Config expected;
  expected.role = Role::standalone;
  expected.device = "/dev/ttyACM0";
  expected.baud = 57600;
  expected.listen_address = "::1";
  expected.port = 4444;
  expected.idle_limit = std::chrono::seconds(60);
  expected.gateway_grace = std::chrono::seconds(3);
  expected.metrics_folder = "/var/lib/prometheus/node-exporter";
  expected.state_folder = "/data/pizwg";
  EXPECT_EQ(config, expected);
}

TEST(Config, EveryKeyOfAClusterIsRead) {
  const auto config = parse_config(R"(
role = "cluster"
hub = "1-1.2"
hub_port = 3
interface = "eth1"
vip = "192.168.1.200"
virtual_router_id = 77
priority = 100
peers = ["192.168.1.20", "192.168.1.21"]
after_session = "soft-reboot"
energise = "client"
gateway_limit_seconds = 20
)",
                                   "f");
  Config expected;
  expected.role = Role::cluster;
  expected.hub = "1-1.2";
  expected.hub_port = 3;
  expected.interface = "eth1";
  expected.vip = "192.168.1.200";
  expected.virtual_router_id = 77;
  expected.priority = 100;
  expected.peers = {"192.168.1.20", "192.168.1.21"};
  expected.after_session = AfterSession::soft_reboot;
  expected.energise = Energise::client;
  expected.gateway_limit = std::chrono::seconds(20);
  EXPECT_EQ(config, expected);
}

TEST(Config, ABadValueOfAClusterIsSaidWithWhatItMustBe) {
  const auto what = [](std::string_view text) { return error_of(text).what; };
  EXPECT_EQ(
      what("hub = \"usb\""),
      "pizwg.toml:1:7: hub is \"usb\", but must be \"auto\", \"none\" or a hub's place such as \"1-1\"");
  EXPECT_EQ(what("vip = \"192.168.1\""),
            "pizwg.toml:1:7: vip is \"192.168.1\", but must be \"auto\" or an IPv4 address");
  EXPECT_EQ(
      what("after_session = \"halt\""),
      "pizwg.toml:1:17: after_session is \"halt\", but must be \"release\" or \"keep\" or \"soft-reboot\" or "
      "\"reboot\"");
  EXPECT_EQ(what("peers = [\"a\"]"), "pizwg.toml:1:9: peers has \"a\", which is no IPv4 address");
  EXPECT_EQ(what("interface = \"eth 0\""),
            "pizwg.toml:1:13: interface is \"eth 0\", which no network interface is called");
}

TEST(Config, AnUnknownKeyIsRejectedWithItsPlaceAndAGuess) {
  const Error error = error_of("role = \"standalone\"\n\ndevcie = \"auto\"\n");
  EXPECT_EQ(error.what, "pizwg.toml:3:1: unknown key \"devcie\"");
  EXPECT_EQ(error.hint, "did you mean \"device\"?");
  EXPECT_NE(error_of("[server]\nport = 1\n").hint.find("the keys are role, device"), std::string::npos);
}

TEST(Config, AWrongTypeIsRejectedWithItsPlace) {
  EXPECT_EQ(error_of("port = \"3333\"").what, "pizwg.toml:1:8: port must be a whole number from 0 to 65535");
  EXPECT_EQ(error_of("device = 0").what, "pizwg.toml:1:10: device must be a text in double quotes");
  EXPECT_EQ(error_of("device = ''").what, "pizwg.toml:1:10: device must not be empty");
  EXPECT_EQ(error_of("baud = 115200.0").what,
            "pizwg.toml:1:8: baud must be a whole number from 9600 to 1000000");
}

TEST(Config, AValueOutOfRangeIsRejectedWithTheRange) {
  EXPECT_EQ(error_of("port = 65536").what, "pizwg.toml:1:8: port is 65536, but must be from 0 to 65535");
  EXPECT_EQ(error_of("idle_limit_seconds = -1").what,
            "pizwg.toml:1:22: idle_limit_seconds is -1, but must be from 0 to 86400");
  EXPECT_NE(error_of("baud = 115201").what.find("must be one of 9600, 19200"), std::string::npos);
  EXPECT_EQ(error_of("role = \"master\"").what,
            "pizwg.toml:1:8: role is \"master\", but must be \"standalone\" or \"cluster\"");
}

TEST(Config, WhatIsNotTomlIsRejectedWithItsPlace) {
  const Error error = error_of("role = \"standalone\"\ndevice = /dev/ttyACM0\n");
  EXPECT_TRUE(error.what.starts_with("pizwg.toml:2:10: not TOML: ")) << error.what;
  EXPECT_FALSE(error.hint.empty());
  EXPECT_TRUE(error_of("port = 1\nport = 2\n").what.starts_with("pizwg.toml:2:"))
      << error_of("port = 1\nport = 2").what;
}

}  // namespace
}  // namespace pizwg
