#include "core/network_state.h"

#include <gtest/gtest.h>

namespace pizwg {
namespace {

Ipv4Interface address(std::string_view text, unsigned prefix) {
  return {.address = *Ipv4::parse(text), .prefix = prefix};
}

NetworkInterface interface(int index, std::string name, std::vector<InterfaceAddress> addresses) {
  NetworkInterface made;
  made.index = index;
  made.name = std::move(name);
  made.loopback = made.name == "lo";
  made.addresses = std::move(addresses);
  return made;
}

const NetworkInterface lo = interface(1, "lo", {{.address = address("127.0.0.1", 8)}});
const NetworkInterface eth0 = interface(2, "eth0", {{.address = address("192.168.1.20", 24)}});
const NetworkInterface wlan0 = interface(3, "wlan0", {{.address = address("10.0.0.5", 24)}});

TEST(NetworkState, AutoIsTheInterfaceOfTheDefaultRoute) {
  EXPECT_EQ((NetworkState{.interfaces = {lo, eth0, wlan0}, .default_route = 3}).choose("auto")->name,
            "wlan0");
}

TEST(NetworkState, WithoutADefaultRouteAutoIsTheOnlyOneWithAnAddress) {
  EXPECT_EQ((NetworkState{.interfaces = {lo, eth0}}).choose("auto")->name, "eth0");
  EXPECT_FALSE((NetworkState{.interfaces = {lo, eth0, wlan0}}).choose("auto"));
  EXPECT_FALSE((NetworkState{.interfaces = {lo}}).choose("auto"));
}

TEST(NetworkState, ANamedInterfaceMustBeThere) {
  const NetworkState state{.interfaces = {lo, eth0}};
  EXPECT_EQ(state.choose("eth0")->index, 2);
  EXPECT_EQ(state.choose("eth7").error().what, "there is no network interface \"eth7\"");
}

TEST(NetworkState, TheOwnAddressIsNotTheVip) {
  const auto vip = *Ipv4::parse("192.168.1.254");
  const auto one = interface(2, "eth0",
                             {{.address = address("192.168.1.254", 32)},
                              {.address = address("192.168.1.254", 24)},
                              {.address = address("192.168.1.20", 24)}});
  EXPECT_EQ(own_address(one, vip), address("192.168.1.20", 24));
  EXPECT_EQ(own_address(interface(2, "eth0", {{.address = address("192.168.1.254", 32)}}), std::nullopt),
            std::nullopt);
}

TEST(NetworkState, TheOwnAddressIsAPrimaryOneIfThereIsOne) {
  const auto one = interface(2, "eth0",
                             {{.address = address("192.168.1.20", 24), .secondary = true},
                              {.address = address("192.168.1.21", 24)},
                              {.address = address("192.168.1.22", 24)}});
  EXPECT_EQ(own_address(one, std::nullopt), address("192.168.1.21", 24));
}

TEST(NetworkState, AMacIsWrittenAsEverybodyDoes) {
  EXPECT_EQ(mac_text({0xb8, 0x27, 0xeb, 1, 2, 0xff}), "b8:27:eb:01:02:ff");
}

}  // namespace
}  // namespace pizwg
