#include "core/vrrp.h"

#include <gtest/gtest.h>

namespace pizwg {
namespace {

NetworkState network(std::string_view address, unsigned prefix) {
  NetworkInterface eth0;
  eth0.index = 2;
  eth0.name = "eth0";
  eth0.mac = {0xb8, 0x27, 0xeb, 1, 2, 3};
  eth0.carrier = true;
  eth0.addresses = {{.address = {.address = *Ipv4::parse(address), .prefix = prefix}}};
  return {.interfaces = {eth0}, .default_route = 2};
}

TEST(ElectionSettings, FollowFromWhatTheHostIs) {
  const auto settings = election_settings(Config{}, network("192.168.1.20", 24));
  ASSERT_TRUE(settings);
  EXPECT_EQ(settings->interface, "eth0");
  EXPECT_EQ(settings->router_id, "b8:27:eb:01:02:03");
  EXPECT_EQ(settings->vip.text(), "192.168.1.254");
  EXPECT_EQ(settings->priority, 20U);
  EXPECT_EQ(settings->virtual_router_id, 254U);
}

TEST(ElectionSettings, TheVipIsTheLastUsableAddressOfOtherSubnets) {
  EXPECT_EQ(election_settings(Config{}, network("10.1.2.3", 16))->vip.text(), "10.1.255.254");
  EXPECT_EQ(election_settings(Config{}, network("10.1.2.3", 29))->vip.text(), "10.1.2.6");
}

TEST(ElectionSettings, TheConfigurationWins) {
  Config config;
  config.vip = "192.168.1.99";
  config.virtual_router_id = 7;
  config.priority = 200;
  config.peers = {"192.168.1.20", "192.168.1.21"};
  const auto settings = election_settings(config, network("192.168.1.20", 24));
  ASSERT_TRUE(settings);
  EXPECT_EQ(settings->vip.text(), "192.168.1.99");
  EXPECT_EQ(settings->priority, 200U);
  EXPECT_EQ(settings->peers.size(), 2U);
}

TEST(ElectionSettings, AHostAtTheVipsAddressIsToldWhatToDo) {
  EXPECT_EQ(election_settings(Config{}, network("192.168.1.254", 24)).error().what,
            "the VIP would be 192.168.1.254, which is this host's own address");
}

TEST(ElectionSettings, WithoutAnAddressThereAreNone) {
  NetworkState state = network("192.168.1.20", 24);
  state.interfaces[0].addresses.clear();
  EXPECT_EQ(election_settings(Config{}, state).error().what, "eth0 has no IPv4 address");
}

TEST(KeepalivedConfiguration, SaysAllThatTheElectionNeeds) {
  const auto settings = election_settings(Config{}, network("192.168.1.20", 24));
  const std::string text = render_keepalived(*settings, {});
  for (const auto* line :
       {"  router_id b8:27:eb:01:02:03\n", "  vrrp_version 3\n", "  vrrp_notify_fifo /run/pizwg/notify\n",
        "  file /run/pizwg/veto\n", "  init_file 1\n", "  nopreempt\n", "  interface eth0\n",
        "  virtual_router_id 254\n", "  priority 20\n", "  advert_int 0.1\n", "    192.168.1.254\n",
        "  vrrp_higher_prio_send_advert true\n"}) {
    EXPECT_NE(text.find(line), std::string::npos) << line << text;
  }
  EXPECT_EQ(text.find("unicast"), std::string::npos);
}

TEST(KeepalivedConfiguration, PeersAreSpokenToOneByOneAndNotOneself) {
  Config config;
  config.peers = {"192.168.1.20", "192.168.1.21"};
  const std::string text = render_keepalived(*election_settings(config, network("192.168.1.20", 24)), {});
  EXPECT_NE(text.find("  unicast_src_ip 192.168.1.20\n  unicast_peer {\n    192.168.1.21\n  }\n"),
            std::string::npos)
      << text;
}

TEST(Notice, TellsTheStateOfOurInstance) {
  EXPECT_EQ(parse_notice("INSTANCE \"pizwg\" MASTER 20\n"), VrrpState::master);
  EXPECT_EQ(parse_notice("INSTANCE \"pizwg\" BACKUP 20"), VrrpState::backup);
  EXPECT_EQ(parse_notice("INSTANCE \"pizwg\" FAULT 20"), VrrpState::fault);
  EXPECT_EQ(parse_notice("INSTANCE \"pizwg\" STOP 20"), VrrpState::stopped);
}

TEST(Notice, OfSomethingElseTellsNothing) {
  for (const auto* line : {"", "INSTANCE", "INSTANCE \"other\" MASTER 20", "GROUP \"pizwg\" MASTER 20",
                           "INSTANCE \"pizwg\" MASTER_RX_LOWER_PRI 20", "INSTANCE \"pizwg\"", "\xff\xfe"}) {
    EXPECT_EQ(parse_notice(line), std::nullopt) << line;
  }
}

}  // namespace
}  // namespace pizwg
