#pragma once
// Days as people type and read them, YYYY-MM-DD in UTC, times as programs do, and the span for which a new
// certificate is valid. Not a clock.

#include <chrono>
#include <string>
#include <string_view>

#include "base/error.h"

namespace pizwg {

// Hosts have no clock at boot, so validity begins long before any PiZWG was made.
inline constexpr std::chrono::sys_days first_valid_day = std::chrono::year{2020} / 1 / 1;

// The last whole day but one before a 32-bit time_t overflows; a client that has one believes nothing later.
inline constexpr std::chrono::sys_days last_safe_day = std::chrono::year{2038} / 1 / 17;

Result<std::chrono::sys_days> parse_date(std::string_view text);

std::string format_date(std::chrono::sys_seconds time);

// "2026-11-25T12:00:00Z".
std::string format_time(std::chrono::sys_time<std::chrono::milliseconds> time);

// The last second of `day`.
std::chrono::sys_seconds end_of(std::chrono::sys_days day);

}  // namespace pizwg
