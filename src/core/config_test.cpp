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
idle_limit_seconds = 0
gateway_grace_seconds = 3
)",
                                   "f");
  Config expected;
  expected.role = Role::standalone;
  expected.device = "/dev/ttyACM0";
  expected.baud = 57600;
  expected.listen_address = "::1";
  expected.port = 4444;
  expected.idle_limit = std::chrono::seconds(0);
  expected.gateway_grace = std::chrono::seconds(3);
  EXPECT_EQ(config, expected);
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
            "pizwg.toml:1:8: role is \"master\", but must be \"standalone\"");
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
