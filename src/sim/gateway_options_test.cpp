#include "sim/gateway_options.h"

#include <gtest/gtest.h>

namespace pizwg::sim {
namespace {

using namespace std::chrono_literals;
using Words = std::vector<std::string>;

Error error_of(const Words& words) {
  const auto request = parse_gateway(words);
  return request ? Error{"no error", ""} : request.error();
}

TEST(ParseGateway, TakesALinkAndLeavesTheRestAsUsual) {
  const auto request = parse_gateway(Words{"--link", "/tmp/gateway"});
  ASSERT_TRUE(request) << request.error().what;
  const auto& options = std::get<GatewayOptions>(*request);
  EXPECT_EQ(options.link, "/tmp/gateway");
  EXPECT_EQ(options.home_id, 0xC0FFEE01U);
  EXPECT_EQ(options.nodes, (std::vector<std::uint8_t>{1, 2, 3}));
  EXPECT_EQ(options.baud, 0U);
  EXPECT_EQ(options.says, GatewayOptions::Says::serial_api);
  EXPECT_EQ(options.start, GatewayOptions::Start::announced);
}

TEST(ParseGateway, TakesEveryOption) {
  const auto request =
      parse_gateway(Words{"--link=l", "--home-id", "0000abcd", "--nodes", "1,232", "--pace", "115200",
                          "--start-delay", "1.5", "--report-every", "30", "--echo", "--quiet-start"});
  ASSERT_TRUE(request) << request.error().what;
  const auto& options = std::get<GatewayOptions>(*request);
  EXPECT_EQ(options.home_id, 0xabcdU);
  EXPECT_EQ(options.nodes, (std::vector<std::uint8_t>{1, 232}));
  EXPECT_EQ(options.baud, 115200U);
  EXPECT_EQ(options.start_delay, 1500ms);
  EXPECT_EQ(options.report_every, 30s);
  EXPECT_EQ(options.says, GatewayOptions::Says::echo);
  EXPECT_EQ(options.start, GatewayOptions::Start::quiet);
}

TEST(ParseGateway, SaysTheLimitsOfABadValue) {
  const auto with = [](const char* option, const char* value) {
    return error_of({"--link=l", option, value});
  };
  EXPECT_EQ(with("--pace", "fast"), (Error{"bad value \"fast\" for --pace",
                                           "give a whole number from 300 to 4000000, or 0 for no limit"}));
  EXPECT_EQ(with("--nodes", "1,233"),
            (Error{"bad value \"233\" for --nodes", "give a whole number from 1 to 232"}));
  EXPECT_EQ(with("--nodes", "1,,2"),
            (Error{"bad value \"\" for --nodes", "give a whole number from 1 to 232"}));
  EXPECT_EQ(with("--home-id", "xyz"),
            (Error{"bad value \"xyz\" for --home-id", "give 8 hexadecimal digits, such as C0FFEE01"}));
  for (const char* seconds : {"-1", "nan", "1e9", "soon", ""}) {
    EXPECT_EQ(with("--start-delay", seconds).hint, "give seconds from 0 to 3600") << seconds;
  }
}

TEST(ParseGateway, SaysWhatWasMeant) {
  EXPECT_EQ(error_of({"--lnik", "x"}), (Error{"unknown option \"--lnik\"", "did you mean --link"}));
  EXPECT_EQ(error_of({"--link=l", "--wings"}),
            (Error{"unknown option \"--wings\"", "see pizwg-sim gateway --help"}));
  EXPECT_EQ(error_of({}), (Error{"--link is required", "see pizwg-sim gateway --help"}));
  EXPECT_EQ(error_of({"--link", ""}).what, "empty path for --link");
}

TEST(ParseGateway, WantsASwitchToReport) {
  EXPECT_EQ(error_of({"--link=l", "--nodes=1", "--report-every=1"}).what,
            "nobody to report: no switch in --nodes");
}

TEST(ParseGateway, ShowsHelpWithTheCommandsOfStandardInput) {
  const auto request = parse_gateway(Words{"--help"});
  ASSERT_TRUE(request);
  EXPECT_NE(std::get<std::string>(*request).find("--report-every"), std::string::npos);
  EXPECT_NE(std::get<std::string>(*request).find("garbage N"), std::string::npos);
}

}  // namespace
}  // namespace pizwg::sim
