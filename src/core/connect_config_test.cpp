#include "core/connect_config.h"

#include <gtest/gtest.h>

namespace pizwg {
namespace {

using namespace std::chrono_literals;

TEST(ConnectConfig, ReadsEveryKey) {
  const auto config = parse_connect_config(R"(
host = ["192.168.1.254", "b.example:99"]
tty = "/dev/ttyUSB254"
tty_owner = "root"
tty_group = "dialout"
tty_mode = "0600"
tty_reach = "pod"
tcp = "127.0.0.1:4000"
rfc2217 = "127.0.0.1:4001"
server_certificate = "/a.crt"
client_pem = "/a.pem"
bundle = "/backup.tar"
client = "spare"
framing = "none"
on_outage = "hangup"
hangup_after_seconds = 30
baud = 921600
metrics_file = "/m.prom"
)",
                                           "f");
  ASSERT_TRUE(config) << config.error().what;
  EXPECT_EQ(*config, (ConnectConfig{.hosts = {{"192.168.1.254", 3333}, {"b.example", 99}},
                                    .tty = {"/dev/ttyUSB254", "root", "dialout", 0600, TtyReach::pod},
                                    .tcp = HostAddress{"127.0.0.1", 4000},
                                    .rfc2217 = HostAddress{"127.0.0.1", 4001},
                                    .server_certificate = "/a.crt",
                                    .client_pem = "/a.pem",
                                    .bundle = "/backup.tar",
                                    .client = "spare",
                                    .framing = Framing::none,
                                    .on_outage = OnOutage::hangup,
                                    .hangup_after = 30s,
                                    .baud = 921600,
                                    .metrics_file = "/m.prom"}));
}

TEST(ConnectConfig, TakesOneHostWithoutAList) {
  EXPECT_EQ(parse_connect_config("host = \"h\"", "f")->hosts, (std::vector<HostAddress>{{"h", 3333}}));
}

TEST(ConnectConfig, NamesThePlaceOfAMistake) {
  for (const auto* bad : {"hosts = \"a\"", "host = []", "host = 3", "tty_mode = \"999\"", "tty_mode = 660",
                          "tty_reach = \"far\"", "tcp = \"127.0.0.1\"", "framing = \"zigbee\"",
                          "on_outage = \"no\"", "baud = 5", "x"}) {
    const auto config = parse_connect_config(bad, "f.toml");
    ASSERT_FALSE(config) << bad;
    EXPECT_TRUE(config.error().what.starts_with("f.toml:1:")) << config.error().what;
  }
}

TEST(ConnectConfig, NeedsAHostAndAnEndpoint) {
  EXPECT_FALSE(check({}));
  EXPECT_FALSE(check({.hosts = {{"h", 1}}}));
  EXPECT_FALSE(check({.hosts = {}, .tty = {.path = "/t"}}));
  EXPECT_TRUE(check({.hosts = {{"h", 1}}, .tty = {.path = "/t"}}));
  EXPECT_TRUE(check({.hosts = {{"h", 1}}, .tcp = HostAddress{"127.0.0.1", 1}}));
}

}  // namespace
}  // namespace pizwg
