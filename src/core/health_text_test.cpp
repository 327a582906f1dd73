#include "core/health_text.h"

#include <gtest/gtest.h>

namespace pizwg {
namespace {

const Findings some{{"disk", Grade::ok, "50 % of the root file system free", ""},
                    {"hub-power", Grade::error, "the hub does not turn the gateway off", "uhubctl"}};

TEST(HealthText, IsALineEachWithWhatToType) {
  EXPECT_EQ(findings_screen(some, Colour::no),
            "ok       disk            50 % of the root file system free\n"
            "error    hub-power       the hub does not turn the gateway off\n"
            "                         uhubctl\n"
            "\n1 error, 0 warnings; docs/doctor.md explains each by its name.\n");
  EXPECT_TRUE(findings_screen({some[0]}, Colour::no).ends_with("\nAll is well.\n"));
  EXPECT_NE(findings_screen(some, Colour::yes).find("\x1b[31merror"), std::string::npos);
}

TEST(HealthText, LongOnesAreBrokenAt80Columns) {
  const std::string what = "192.168.100.254 is free or the master's; keep it out of the DHCP range";
  EXPECT_EQ(findings_screen({{"vip", Grade::warning, what, what}}, Colour::no),
            "warning  vip             192.168.100.254 is free or the master's; keep it out of\n"
            "                         the DHCP range\n"
            "                         192.168.100.254 is free or the master's; keep it out of\n"
            "                         the DHCP range\n"
            "\n0 errors, 1 warning; docs/doctor.md explains each by its name.\n");
}

TEST(HealthText, AsJsonNamesTheDocumentation) {
  const std::string json = findings_json(some);
  EXPECT_NE(json.find("\"grade\": \"error\",\n  \"findings\""), std::string::npos) << json;
  EXPECT_NE(json.find("\"documentation\": \"docs/doctor.md#hub-power\""), std::string::npos);
}

TEST(HealthText, AsMetricsIsANumberEach) {
  const std::string text = findings_metrics(some, WallTime(std::chrono::milliseconds(1500)));
  EXPECT_NE(text.find("pizwg_doctor_finding{check=\"disk\"} 0\n"), std::string::npos);
  EXPECT_NE(text.find("pizwg_doctor_finding{check=\"hub-power\"} 2\n"), std::string::npos);
  EXPECT_NE(text.find("pizwg_doctor_timestamp_seconds 1.5\n"), std::string::npos);
}

}  // namespace
}  // namespace pizwg
