#include "core/status_screen.h"

#include <gtest/gtest.h>

#include "core/host_examples.h"

namespace pizwg {
namespace {

std::size_t widest_line(std::string_view text) {
  std::size_t widest = 0;
  while (!text.empty()) {
    const auto end = std::min(text.find('\n'), text.size());
    widest = std::max(widest, end);
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return widest;
}

TEST(StatusScreen, OfAMaster) {
  EXPECT_EQ(status_screen(examples::serving_master(), Colour::no), R"(pi-1: serving, fit

  role        master
  state       serving for 2 h 3 min
  vip         192.168.1.254, held; this host is 192.168.1.20/24 on eth0
  gateway     /dev/ttyACM0 (USB 1-1.2:1.0), open
  left        2 times while it was open; back within the grace: 1
  line errors framing 4
  hub         1-1 port 2, on
  session     pizwg-client from 192.168.1.5:40000, for 2 h 3 min
  traffic     4812 bytes from clients, 1234567 to them, in 4 sessions
  ended       client-vanished 2, client-closed 1
  refused     certificate-unknown 7
  failover    became master 3 d 0 h ago (became-master); the last failover to it
              took 1.3 s, 3 d 0 h ago
  other hosts pi-2 is standby, fit
  expiry      pizwg-server until 2036-11-22, pizwg-client until 2036-11-22
  machine     root read-only, clock synchronised, watchdog armed, voltage good,
              not throttled
)");
}

TEST(StatusScreen, OfAFaultyHostSaysWhatToDo) {
  const std::string text = status_screen(examples::faulty(), Colour::no);
  EXPECT_NE(text.find("pi-3: faulty, no-gateway, not fit\n"), std::string::npos) << text;
  EXPECT_NE(text.find("\n  next        is the gateway plugged in"), std::string::npos) << text;
}

TEST(StatusScreen, FitsATerminal) {
  HostStatus host = examples::faulty();
  host.name = std::string(40, 'n');
  for (int i = 0; i < 12; ++i)
    host.cluster->peers.push_back({.name = "pi-" + std::to_string(i), .state = "standby"});
  for (const HostStatus& each :
       {examples::serving_master(), examples::standby(), examples::standalone(), host}) {
    EXPECT_LE(widest_line(status_screen(each, Colour::no)), 80U) << status_screen(each, Colour::no);
  }
}

// A host's page is not ours: it must not move the cursor.
TEST(StatusScreen, HasNoBytesOfStrangers) {
  HostStatus host = examples::serving_master();
  host.session->client = "\x1b[2Jx\n";
  EXPECT_EQ(status_screen(host, Colour::no).find('\x1b'), std::string::npos);
}

TEST(StatusScreen, HasColoursOnlyWhenAsked) {
  EXPECT_EQ(status_screen(examples::standby(), Colour::no).find('\x1b'), std::string::npos);
  EXPECT_NE(status_screen(examples::standby(), Colour::yes).find("\x1b[32mfit\x1b[0m"), std::string::npos);
  EXPECT_NE(status_screen(examples::faulty(), Colour::yes).find("\x1b[1;31mnot fit\x1b[0m"),
            std::string::npos);
}

TEST(StatusScreen, OfSeveralHostsIsATable) {
  EXPECT_EQ(cluster_table({{.asked = "a", .status = examples::serving_master()},
                           {.asked = "b", .status = examples::faulty()},
                           {.asked = "c", .trouble = "no answer within 5 s"}},
                          Colour::no),
            R"(host            state         role       fit  session                proven
pi-1            serving       master     yes  pizwg-client 2 h 3 min now
pi-3            faulty        standby    no   -                      3 d 5 h ago
c               no answer within 5 s

pi-3: faulty, no-gateway, next: is the gateway plugged in, behind this hub?
pizwg doctor looks
)");
}

TEST(StatusScreen, ATableOfLongWordsFitsATerminal) {
  HostStatus host = examples::serving_master();
  host.name = "gateway-in-the-cellar";
  host.session->client = "home-assistant-on-kubernetes";
  HostStatus unproven = examples::faulty();
  unproven.gateway.last_proven.reset();
  const std::string table = cluster_table({{.asked = "a", .status = host},
                                           {.asked = "b", .status = unproven},
                                           {.asked = "gateway-in-the-attic",
                                            .trouble = "cannot find \"gateway-in-the-attic\": "
                                                       "Temporary failure in name resolution"}},
                                          Colour::no);
  EXPECT_LE(widest_line(table), 80U) << table;
  EXPECT_NE(table.find("home-assista 2 h 3 min now\n"), std::string::npos) << table;
}

TEST(StatusScreen, TellsTimesForPeople) {
  using namespace std::chrono_literals;
  EXPECT_EQ(for_people(-5s), "0 s");
  EXPECT_EQ(for_people(59'999ms), "59 s");
  EXPECT_EQ(for_people(3599s), "59 min 59 s");
  EXPECT_EQ(for_people(24h - 1s), "23 h 59 min");
  EXPECT_EQ(for_people(49h), "2 d 1 h");
}

}  // namespace
}  // namespace pizwg
