#include "sim/hub.h"

#include <gtest/gtest.h>

namespace pizwg::sim {
namespace {

using Power = Hub::Power;
using Descriptions = HubQuestion::Descriptions;

constexpr std::uint32_t gateways_port = 0b0001;
constexpr std::uint32_t another_port = 0b0010;

HubOptions ganged() {
  HubOptions options;
  options.switching = HubOptions::Switching::ganged;
  return options;
}

void switch_now(Hub& hub, std::uint32_t ports, Power power) {
  hub.switch_ports(ports, power);
  hub.take_effect();
}

TEST(Hub, SwitchesOnePortOrAll) {
  Hub hub({});
  switch_now(hub, another_port, Power::off);
  EXPECT_TRUE(hub.powers_gateway());
  hub.switch_ports(gateways_port, Power::off);
  EXPECT_TRUE(hub.powers_gateway()) << "not before it takes effect";
  EXPECT_EQ(hub.says(1), Power::off);
  hub.take_effect();
  EXPECT_FALSE(hub.powers_gateway());
  EXPECT_FALSE(hub.connects_gateway());
  switch_now(hub, Hub::all_ports, Power::on);
  EXPECT_TRUE(hub.powers_gateway());
}

TEST(Hub, TogglesPortByPort) {
  Hub hub({});
  switch_now(hub, another_port, Power::off);
  hub.toggle_ports(gateways_port | another_port);
  EXPECT_EQ(hub.says(1), Power::off);
  EXPECT_EQ(hub.says(2), Power::on);
}

TEST(Hub, GangedHasPowerUntilEveryPortIsOffThoughNobodySeesWhatHangsOnIt) {
  Hub hub(ganged());
  switch_now(hub, gateways_port, Power::off);
  EXPECT_TRUE(hub.powers_gateway());
  EXPECT_FALSE(hub.connects_gateway());
  switch_now(hub, Hub::all_ports, Power::off);
  EXPECT_FALSE(hub.powers_gateway());
  switch_now(hub, another_port, Power::on);
  EXPECT_TRUE(hub.powers_gateway());
  EXPECT_FALSE(hub.connects_gateway());
}

TEST(Hub, TheMainsPowerEveryPortWhateverItWas) {
  Hub hub({});
  switch_now(hub, Hub::all_ports, Power::off);
  hub.supply(Power::off);
  EXPECT_FALSE(hub.powers_gateway());
  switch_now(hub, Hub::all_ports, Power::on);
  EXPECT_FALSE(hub.powers_gateway()) << "there is nobody to ask for it";
  hub.supply(Power::on);
  EXPECT_TRUE(hub.powers_gateway());
}

TEST(Hub, TheFirmwareMayLeaveThePortsOff) {
  HubOptions options;
  options.firmware = Power::off;
  Hub hub(options);
  EXPECT_TRUE(hub.has_supply());
  EXPECT_FALSE(hub.powers_gateway());
  switch_now(hub, gateways_port, Power::on);
  EXPECT_TRUE(hub.powers_gateway());
  hub.supply(Power::off);
  hub.supply(Power::on);
  EXPECT_FALSE(hub.powers_gateway());
}

TEST(Hub, SaysWhatUhubctlSays) {
  Hub hub({});
  EXPECT_EQ(
      hub.status(gateways_port, Descriptions::unwanted, true),
      "hub 1-1 [2109:3431, USB 2.10, 4 ports, ppps]\n  Port 1: 0103 power enable connect [0658:0200]\n");
  switch_now(hub, gateways_port, Power::off);
  EXPECT_EQ(
      hub.status(gateways_port | another_port, Descriptions::wanted, false),
      "hub 1-1 [2109:3431 USB2.0 Hub, USB 2.10, 4 ports, ppps]\n  Port 1: 0000 off\n  Port 2: 0100 power\n");
}

TEST(Hub, OneThatIsStuckStaysOnAndSaysIt) {
  Hub hub({});
  hub.faults.stuck = true;
  switch_now(hub, gateways_port, Power::off);
  EXPECT_TRUE(hub.powers_gateway());
  EXPECT_EQ(hub.says(1), Power::on);
  hub.faults.stuck = false;
  hub.take_effect();
  EXPECT_TRUE(hub.powers_gateway()) << "nobody has asked since";
}

TEST(Hub, OneThatLiesStaysOnAndSaysWhatItWasTold) {
  Hub hub({});
  hub.faults.lies = true;
  switch_now(hub, gateways_port, Power::off);
  switch_now(hub, another_port, Power::on);
  EXPECT_EQ(hub.says(1), Power::off);
  EXPECT_TRUE(hub.powers_gateway());
  EXPECT_TRUE(hub.connects_gateway());
  hub.faults.lies = false;
  hub.take_effect();
  EXPECT_FALSE(hub.powers_gateway()) << "the switch does what it was told";
}

}  // namespace
}  // namespace pizwg::sim
