#include "core/date.h"

#include <charconv>
#include <fmt/format.h>
#include <optional>

#include "base/text.h"

namespace pizwg {
namespace {

namespace chrono = std::chrono;

std::optional<unsigned> parse_digits(std::string_view text) {
  unsigned value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

}  // namespace

Result<chrono::sys_days> parse_date(std::string_view text) {
  const auto bad = [text] {
    return fail("bad date " + in_quotes(text), "write it as YYYY-MM-DD, as in 2038-01-17");
  };
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') return bad();
  const auto year = parse_digits(text.substr(0, 4));
  const auto month = parse_digits(text.substr(5, 2));
  const auto day = parse_digits(text.substr(8, 2));
  if (!year || !month || !day) return bad();
  const chrono::year_month_day date{chrono::year(static_cast<int>(*year)), chrono::month(*month),
                                    chrono::day(*day)};
  if (!date.ok()) return bad();
  return chrono::sys_days(date);
}

std::string format_date(chrono::sys_seconds time) {
  const chrono::year_month_day date(chrono::floor<chrono::days>(time));
  return fmt::format("{:04}-{:02}-{:02}", static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
                     static_cast<unsigned>(date.day()));
}

std::string format_time(chrono::sys_time<chrono::milliseconds> time) {
  const auto seconds = chrono::floor<chrono::seconds>(time);
  const chrono::hh_mm_ss clock(seconds - chrono::floor<chrono::days>(seconds));
  return fmt::format("{}T{:02}:{:02}:{:02}Z", format_date(seconds), clock.hours().count(),
                     clock.minutes().count(), clock.seconds().count());
}

chrono::sys_seconds end_of(chrono::sys_days day) {
  return day + chrono::days(1) - chrono::seconds(1);
}

}  // namespace pizwg
