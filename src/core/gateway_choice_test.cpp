#include "core/gateway_choice.h"

#include <array>
#include <gtest/gtest.h>

namespace pizwg {
namespace {

const SerialDevice aeotec{"/dev/ttyACM0", "1-1.2:1.0", "0658", "0200", ""};
const SerialDevice zooz{"/dev/ttyUSB0", "1-1.4:1.0", "10c4", "ea60", "CP2102N\n"};

TEST(ChooseGateway, OneIsTheGateway) {
  EXPECT_EQ(choose_gateway(std::array{aeotec}), aeotec);
}

TEST(ChooseGateway, NoneSaysWhatToDo) {
  const auto choice = choose_gateway({});
  ASSERT_FALSE(choice);
  EXPECT_EQ(choice.error().what, "no USB serial device found");
}

TEST(ChooseGateway, SeveralAreListed) {
  const auto choice = choose_gateway(std::array{aeotec, zooz});
  ASSERT_FALSE(choice);
  EXPECT_EQ(choice.error().what,
            "device = \"auto\" found 2 USB serial devices: /dev/ttyACM0 (USB 1-1.2:1.0, 0658:0200) and "
            "/dev/ttyUSB0 (USB 1-1.4:1.0, 10c4:ea60 \"CP2102N\\x0a\")");
  EXPECT_NE(choice.error().hint.find("/dev/serial/by-path"), std::string::npos);
}

}  // namespace
}  // namespace pizwg
