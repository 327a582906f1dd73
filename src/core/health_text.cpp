#include "core/health_text.h"

#include <algorithm>
#include <fmt/format.h>

#include "base/json.h"
#include "base/text.h"
#include "core/metric_text.h"

namespace pizwg {
namespace {

constexpr std::size_t text_column = 25;  // after grade and check

std::string coloured(Colour colour, Grade grade) {
  std::string word = fmt::format("{:<8}", word_for(grade));
  if (colour == Colour::no) return word;
  const int number = grade == Grade::ok ? 32 : grade == Grade::warning ? 33 : 31;
  return fmt::format("\x1b[{}m{}\x1b[0m", number, word);
}

std::string anchor(const Finding& finding) {
  return "docs/doctor.md#" + finding.check;
}

}  // namespace

std::string findings_screen(const Findings& findings, Colour colour) {
  std::string text;
  for (const Finding& finding : findings) {
    text += fmt::format("{} {:<15} {}\n", coloured(colour, finding.grade), finding.check,
                        wrapped(finding.what, text_column));
    if (finding.grade != Grade::ok && !finding.hint.empty())
      text += fmt::format("{:{}}{}\n", "", text_column, wrapped(finding.hint, text_column));
  }
  const auto errors = std::ranges::count(findings, Grade::error, &Finding::grade);
  const auto warnings = std::ranges::count(findings, Grade::warning, &Finding::grade);
  if (errors + warnings == 0) return text + "\nAll is well.\n";
  return text + fmt::format("\n{} error{}, {} warning{}; docs/doctor.md explains each by its name.\n", errors,
                            errors == 1 ? "" : "s", warnings, warnings == 1 ? "" : "s");
}

std::string findings_json(const Findings& findings) {
  std::vector<JsonObject> list;
  for (const Finding& finding : findings) {
    JsonObject object;
    object.add("check", finding.check)
        .add("grade", word_for(finding.grade))
        .add("what", finding.what)
        .add("hint", finding.hint)
        .add("documentation", anchor(finding));
    list.push_back(object);
  }
  JsonObject object;
  object.add("grade", word_for(worst(findings))).add("findings", list);
  return object.text() + "\n";
}

std::string findings_metrics(const Findings& findings, WallTime now) {
  MetricText text;
  text.family("pizwg_doctor_finding", MetricType::gauge,
              "What pizwg doctor found of each check: 0 ok, 1 warning, 2 error.");
  for (const Finding& finding : findings) {
    text.add(static_cast<double>(finding.grade), {{"check", finding.check}});
  }
  text.family("pizwg_doctor_timestamp_seconds", MetricType::gauge, "When pizwg doctor last looked.");
  text.add(std::chrono::duration<double>(now.time_since_epoch()).count());
  return text.take();
}

}  // namespace pizwg
