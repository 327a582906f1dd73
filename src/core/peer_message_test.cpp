#include "core/peer_message.h"

#include <gtest/gtest.h>

namespace pizwg {
namespace {

const HostSummary pi{.name = "pi-2", .state = "standby", .fit = true};

TEST(PeerMessage, WhatIsWrittenIsRead) {
  EXPECT_EQ(format_peer_message(pi), "pizwg 1 pi-2 standby fit\n");
  EXPECT_EQ(parse_peer_message("pizwg 1 pi-2 standby fit"), pi);
  EXPECT_EQ(parse_peer_message("pizwg 1 a.b_c faulty unfit")->fit, false);
}

TEST(PeerMessage, ALaterVersionMayAddWords) {
  EXPECT_EQ(parse_peer_message("pizwg 1 pi-2 standby fit since=12"), pi);
}

TEST(PeerMessage, AnythingElseIsNone) {
  for (const auto* line :
       {"", "pizwg", "pizwg 2 pi-2 standby fit", "pizwg 1 pi-2 standby", "pizwg 1 pi-2 standby maybe",
        "pizwg 1  standby fit", "pizwg 1 pi\x1b[2J standby fit", "hello 1 pi-2 standby fit"}) {
    EXPECT_EQ(parse_peer_message(line), std::nullopt) << line;
  }
  EXPECT_EQ(parse_peer_message("pizwg 1 " + std::string(65, 'a') + " standby fit"), std::nullopt);
  EXPECT_EQ(parse_peer_message("pizwg 1 pi-2 standby fit " + std::string(200, 'a')), std::nullopt);
}

TEST(PeerMessage, AnyNameCanBeSent) {
  EXPECT_EQ(host_name_for("pi 2\n"), "pi-2-");
  EXPECT_EQ(host_name_for(""), "unnamed");
  HostSummary host = pi;
  host.name = host_name_for(std::string(500, '"'));
  EXPECT_EQ(parse_peer_message(format_peer_message(host).substr(0, format_peer_message(host).size() - 1)),
            host);
}

}  // namespace
}  // namespace pizwg
