#include "core/metric_text.h"

#include <gtest/gtest.h>

namespace pizwg {
namespace {

TEST(MetricText, HasAHeadForEachMetricThatIsKnown) {
  MetricText text;
  text.family("a_total", MetricType::counter, "Of something.");
  text.add(3.0, {{"reason", "idle"}});
  text.add(1.5, {{"reason", "x"}, {"by", "y"}});
  text.family("unknown", MetricType::gauge, "Nobody can tell.");
  text.add(std::optional<bool>());
  text.family("known", MetricType::gauge, "It is so.");
  text.add(true);
  EXPECT_EQ(text.take(),
            "# HELP a_total Of something.\n# TYPE a_total counter\na_total{reason=\"idle\"} 3\n"
            "a_total{reason=\"x\",by=\"y\"} 1.5\n# HELP known It is so.\n# TYPE known gauge\nknown 1\n");
}

TEST(MetricText, HasEachSampleOnce) {
  MetricText text;
  text.family("a", MetricType::gauge, "A.");
  text.add(1.0, {{"x", "1"}});
  text.add(2.0, {{"x", "1"}});
  text.family("b", MetricType::gauge, "B.");
  text.add(3.0, {{"x", "1"}});
  EXPECT_EQ(text.take(),
            "# HELP a A.\n# TYPE a gauge\na{x=\"1\"} 1\n# HELP b B.\n# TYPE b gauge\nb{x=\"1\"} 3\n");
}

TEST(MetricText, ReadsWhatItWrote) {
  MetricText text;
  text.family("a", MetricType::gauge, "A.");
  text.add(1700000000.123, {{"name", "back\\slash \"quote\"\nline"}, {"empty", ""}});
  const auto samples = MetricSamples::parse(text.take(), {"a"});
  ASSERT_EQ(samples.all().size(), 1U);
  EXPECT_EQ(samples.all()[0].label("name"), "back\\slash \"quote\"\nline");
  EXPECT_EQ(samples.all()[0].label("empty"), "");
  EXPECT_DOUBLE_EQ(samples.value("a").value_or(0), 1700000000.123);
}

TEST(MetricText, LeavesOutWhatIsNotOfInterestOrNoSample) {
  const auto samples = MetricSamples::parse(
      "other 1\npizwg_a 1e3 1700000000\npizwg_b{x=\"1\" 2\npizwg_c{x=\"1} 2\npizwg_d\npizwg_e two\npizwg_f{} "
      "4",
      {"pizwg_"});
  EXPECT_EQ(samples.value("pizwg_a"), 1000.0);
  EXPECT_EQ(samples.value("pizwg_f"), 4.0);
  EXPECT_EQ(samples.all().size(), 2U);
  EXPECT_EQ(samples.flag("pizwg_a"), true);
  EXPECT_FALSE(samples.flag("pizwg_d"));
}

TEST(MetricText, HasALimit) {
  std::string page;
  for (int i = 0; i < 10000; ++i) page += "pizwg_a 1\n";
  EXPECT_EQ(MetricSamples::parse(page, {"pizwg_"}).all().size(), 4096U);
}

}  // namespace
}  // namespace pizwg
