#include "sim/uhubctl_options.h"

#include <gtest/gtest.h>

#include "core/usb_path.h"

namespace pizwg::sim {
namespace {

using namespace std::chrono_literals;
using Action = UhubctlOptions::Action;
using Words = std::vector<std::string>;

UhubctlOptions options_of(Words words) {
  words.insert(words.begin(), "uhubctl");
  const auto parsed = parse_uhubctl(words);
  const auto* options = std::get_if<UhubctlOptions>(&parsed);
  EXPECT_NE(options, nullptr);
  return options != nullptr ? *options : UhubctlOptions{};
}

UhubctlEnd end_of(Words words) {
  words.insert(words.begin(), "uhubctl");
  const auto parsed = parse_uhubctl(words);
  const auto* end = std::get_if<UhubctlEnd>(&parsed);
  EXPECT_NE(end, nullptr);
  return end != nullptr ? *end : UhubctlEnd{};
}

TEST(ParseUhubctl, WithoutWordsShowsTheStatusOfAllPorts) {
  const auto options = options_of({});
  EXPECT_EQ(options.action, Action::none);
  EXPECT_EQ(options.location, "");
  EXPECT_EQ(options.ports, 0b11'1111'1111'1111U);
  EXPECT_TRUE(options.descriptions);
}

TEST(ParseUhubctl, UnderstandsWhatPizwgdSays) {
  const auto options = options_of(uhubctl_arguments({.hub = "1-1", .port = 2}, Power::off));
  EXPECT_EQ(options.action, Action::off);
  EXPECT_EQ(options.location, "1-1");
  EXPECT_EQ(options.ports, 0b10U);
  EXPECT_FALSE(options.descriptions);
  EXPECT_EQ(options_of(uhubctl_arguments({.hub = "1", .port = 0}, Power::on)).ports, 0b11'1111'1111'1111U);
}

TEST(ParseUhubctl, UnderstandsEveryWayToSayAnAction) {
  for (const char* word : {"off", "OFF", "0"}) EXPECT_EQ(options_of({"-a", word}).action, Action::off);
  for (const char* word : {"on", "1"}) EXPECT_EQ(options_of({"--action", word}).action, Action::on);
  for (const char* word : {"cycle", "2"}) EXPECT_EQ(options_of({"-a", word}).action, Action::cycle);
  for (const char* word : {"toggle", "3"}) EXPECT_EQ(options_of({"-a", word}).action, Action::toggle);
  EXPECT_EQ(options_of({"-a", "dance"}).action, Action::none) << "so does uhubctl";
}

TEST(ParseUhubctl, UnderstandsPorts) {
  EXPECT_EQ(options_of({"-p", "1,3-4"}).ports, 0b1101U);
  EXPECT_EQ(options_of({"-p", "all"}).ports, 0b11'1111'1111'1111U);
  EXPECT_EQ(end_of({"-p", "3-1"}).errors, "Bad port spec 3-1, first port must be less than last\n");
  EXPECT_EQ(end_of({"-p", "0"}).errors, "Bad port spec 0-0, port numbers must be from 1 to 14\n");
  EXPECT_EQ(end_of({"-p", "1,99"}).errors, "Bad port spec 99-99, port numbers must be from 1 to 14\n");
}

TEST(ParseUhubctl, TakesWhatHasNoEffect) {
  const auto options = options_of({"-d", "0.5", "-r", "3", "-w", "9", "-n", "2109", "-efNS"});
  EXPECT_EQ(options.cycle_delay, 500ms);
  EXPECT_EQ(options.vendor, "2109");
}

TEST(ParseUhubctl, EndsWithTheExitStatusOfUhubctl) {
  EXPECT_EQ(end_of({"-h"}).status, 1);
  EXPECT_EQ(end_of({"-v"}).status, 0);
  EXPECT_EQ(end_of({"surplus"}).status, 1);
  EXPECT_EQ(end_of({"surplus"}).errors, "Invalid command line syntax!\nRun with -h to get usage info.\n");
  EXPECT_EQ(end_of({"-R"}).errors, "-R is not simulated\n");
}

}  // namespace
}  // namespace pizwg::sim
