#include "sim/hub.h"

#include <array>
#include <gtest/gtest.h>

namespace pizwg::sim {
namespace {

using Power = Hub::Power;

constexpr std::array<unsigned, 1> gateways_port{1};
constexpr std::array<unsigned, 1> another_port{2};

HubOptions ganged() {
  HubOptions options;
  options.switching = HubOptions::Switching::ganged;
  return options;
}

TEST(Hub, SwitchesOnePortOrAll) {
  Hub hub({});
  hub.switch_ports(another_port, Power::off);
  hub.take_effect();
  EXPECT_TRUE(hub.powers_gateway());
  hub.switch_ports(gateways_port, Power::off);
  EXPECT_TRUE(hub.powers_gateway()) << "not before it takes effect";
  hub.take_effect();
  EXPECT_FALSE(hub.powers_gateway());
  hub.switch_ports({}, Power::on);
  hub.take_effect();
  EXPECT_TRUE(hub.powers_gateway());
}

TEST(Hub, GangedHasPowerUntilEveryPortIsOff) {
  Hub hub(ganged());
  hub.switch_ports(gateways_port, Power::off);
  hub.take_effect();
  EXPECT_TRUE(hub.powers_gateway());
  hub.switch_ports({}, Power::off);
  hub.take_effect();
  EXPECT_FALSE(hub.powers_gateway());
}

TEST(Hub, TheMainsPowerEveryPort) {
  Hub hub({});
  hub.switch_ports({}, Power::off);
  hub.take_effect();
  hub.supply(Power::off);
  EXPECT_FALSE(hub.powers_gateway());
  hub.supply(Power::on);
  EXPECT_TRUE(hub.powers_gateway());
}

TEST(Hub, SaysWhatUhubctlSays) {
  Hub hub({});
  EXPECT_EQ(hub.status("Current status", gateways_port, true),
            "Current status for hub 1-1 [2109:3431 USB2.0 Hub, USB 2.10, 4 ports, ppps]\n"
            "  Port 1: 0103 power enable connect\n");
  hub.switch_ports(gateways_port, Power::off);
  hub.take_effect();
  EXPECT_EQ(hub.status("New status", gateways_port, false),
            "New status for hub 1-1 [2109:3431 USB2.0 Hub, USB 2.10, 4 ports, ppps]\n"
            "  Port 1: 0000 off\n");
}

TEST(Hub, OneThatLiesShowsWhatItWasTold) {
  Hub hub({});
  hub.faults.lies = true;
  hub.switch_ports(gateways_port, Power::off);
  EXPECT_NE(hub.status("New status", gateways_port, true).find("Port 1: 0000 off"), std::string::npos);
  EXPECT_TRUE(hub.powers_gateway());
}

}  // namespace
}  // namespace pizwg::sim
