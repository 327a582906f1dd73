#include <algorithm>
#include <fmt/format.h>

#include "core/date.h"
#include "core/health.h"

namespace pizwg {
namespace {

constexpr std::chrono::days renew_before{60};

std::string day_of(WallTime time) {
  return format_date(std::chrono::floor<std::chrono::seconds>(time));
}

Finding judge_files(const IdentityFacts& facts) {
  if (!facts.present) {
    return {"identity", Grade::error, "there is no identity",
            "pizwg setup makes one, pizwg restore takes another host's"};
  }
  if (!facts.trouble.empty()) {
    return {"identity", Grade::error, "the identity is not whole: " + facts.trouble, "pizwg restore"};
  }
  return {"identity", Grade::ok, "keys and certificates belong together", ""};
}

// Whether it was copied away nobody but the operator knows.
Finding judge_backup(const IdentityFacts& facts) {
  const std::string hint = "pizwg backup, and copy /root/backup.tar to another machine";
  if (!facts.backup) return {"backup", Grade::warning, "there is no backup of the identity", hint};
  if (facts.changed && *facts.backup + std::chrono::seconds(1) < *facts.changed) {
    return {
        "backup", Grade::warning,
        fmt::format("the backup is of {}, the identity of {}", day_of(*facts.backup), day_of(*facts.changed)),
        hint};
  }
  return {"backup", Grade::ok, "the backup is as new as the identity; have you copied it away?", ""};
}

Finding judge_expiry(const IdentityFacts& facts) {
  if (facts.certificates.empty()) return {"certificates", Grade::ok, "none", ""};
  const auto first = std::ranges::min_element(facts.certificates, {}, &CertificateStatus::expires);
  const std::string what = fmt::format("{} until {}", first->name, day_of(first->expires));
  const std::string hint = "docs/operations.md, \"Certificates\", says how to renew it without an outage";
  if (first->expires < facts.now) return {"certificates", Grade::error, "expired: " + what, hint};
  if (first->expires < facts.now + renew_before)
    return {"certificates", Grade::warning, "about to expire: " + what, hint};
  return {"certificates", Grade::ok, "the first to expire: " + what, ""};
}

}  // namespace

Findings judge_identity(const IdentityFacts& facts) {
  if (!facts.present) return {judge_files(facts)};
  return {judge_files(facts), judge_backup(facts), judge_expiry(facts)};
}

}  // namespace pizwg
