#include "core/health.h"

#include <algorithm>

namespace pizwg {

std::string_view word_for(Grade grade) {
  switch (grade) {
    case Grade::ok:
      return "ok";
    case Grade::warning:
      return "warning";
    case Grade::error:
      return "error";
  }
  return "";
}

Grade worst(const Findings& findings) {
  Grade grade = Grade::ok;
  for (const Finding& finding : findings) grade = std::max(grade, finding.grade);
  return grade;
}

Findings judge_daemon(const Result<HostStatus>& status) {
  if (!status) return {{"daemon", Grade::error, status.error().what, status.error().hint}};
  if (status->fit) return {{"daemon", Grade::ok, "pizwgd is " + describe_state(*status) + ", fit", ""}};
  const Grade grade = status->maintenance ? Grade::warning : Grade::error;
  return {{"daemon", grade, "this host is not fit: " + describe_state(*status), next_step(*status)}};
}

}  // namespace pizwg
