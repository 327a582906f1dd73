#include "core/metrics.h"

#include <gtest/gtest.h>

#include "core/host_examples.h"

namespace pizwg {
namespace {

class MetricsOf : public testing::TestWithParam<HostStatus> {};

// `pizwg status --host` shows of a remote host what it shows of this one.
TEST_P(MetricsOf, TellEverythingThatStatusHas) {
  const auto read = read_metrics(render_metrics(GetParam()));
  ASSERT_TRUE(read) << read.error().what;
  EXPECT_EQ(*read, GetParam());
}

INSTANTIATE_TEST_SUITE_P(Hosts, MetricsOf,
                         testing::Values(examples::serving_master(), examples::standby(), examples::faulty(),
                                         examples::standalone()),
                         [](const auto& host) { return "host" + std::to_string(host.index); });

TEST(Metrics, LeaveOutWhatTheMachineCannotTell) {
  const std::string text = render_metrics(examples::standalone());
  for (const char* absent : {"pizwg_under_voltage", "pizwg_watchdog_armed", "pizwg_master",
                             "pizwg_hub_powered", "pizwg_last_served_timestamp_seconds"}) {
    EXPECT_EQ(text.find(absent), std::string::npos) << absent;
  }
}

TEST(Metrics, HaveTheWordsOfTheLog) {
  const std::string text = render_metrics(examples::faulty());
  EXPECT_NE(text.find("pizwg_state{state=\"faulty\"} 1\n"), std::string::npos);
  EXPECT_NE(text.find("pizwg_state{state=\"ready\"} 0\n"), std::string::npos);
  EXPECT_NE(text.find("pizwg_fault{fault=\"no-gateway\"} 1\n"), std::string::npos);
  EXPECT_NE(text.find("pizwg_sessions_ended_total{reason=\"client-vanished\"} 2\n"), std::string::npos);
}

TEST(Metrics, APageWithoutPizwgSaysWhatToDo) {
  const auto read = read_metrics("node_time_seconds 1.7e9\ngo_goroutines 8\n");
  ASSERT_FALSE(read);
  EXPECT_NE(read.error().hint.find("--collector.textfile.directory"), std::string::npos);
}

// The file lies there for ever when the daemon does not live: it must not be believed.
TEST(Metrics, AnOldReportIsNoReport) {
  std::string page = render_metrics(examples::standby());
  const auto now = examples::noon() + std::chrono::minutes(10);
  page += "node_time_seconds " +
          std::to_string(std::chrono::duration_cast<std::chrono::seconds>(now.time_since_epoch()).count()) +
          "\n";
  const auto read = read_metrics(page);
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().what, "pizwgd has not reported for 600 s");
}

TEST(Metrics, AReportOfAMinuteAgoIsAsOfNow) {
  const auto now = examples::noon() + std::chrono::minutes(1);
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(now.time_since_epoch()).count();
  const auto read = read_metrics(render_metrics(examples::serving_master()) + "node_time_seconds " +
                                 std::to_string(seconds) + "\n");
  ASSERT_TRUE(read);
  EXPECT_EQ(read->told - read->since, std::chrono::minutes(124));
}

TEST(Metrics, NumbersThatAreNoneDoNoHarm) {
  const auto read = read_metrics(
      "pizwg_report_timestamp_seconds 1e300\npizwg_state_start_timestamp_seconds -Inf\n"
      "pizwg_sessions_started_total NaN\npizwg_bytes_total{direction=\"to-client\"} -1\n");
  ASSERT_TRUE(read);
  EXPECT_EQ(read->sessions, SessionCounts{});
}

}  // namespace
}  // namespace pizwg
