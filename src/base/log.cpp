#include "base/log.h"

#include <algorithm>
#include <cstdlib>
#include <fmt/format.h>
#include <unistd.h>

#include "base/text.h"

namespace pizwg::log {
namespace {

bool read_by_journal() {
  static const bool answer = std::getenv("JOURNAL_STREAM") != nullptr;
  return answer;
}

// syslog's numbers, which journald takes as "<N>" in front of a line.
int syslog_priority(Level level) {
  switch (level) {
    case Level::error:
      return 3;
    case Level::warning:
      return 4;
    case Level::notice:
      return 5;
    case Level::info:
      return 6;
  }
  return 6;
}

std::string_view name(Level level) {
  switch (level) {
    case Level::error:
      return "error";
    case Level::warning:
      return "warning";
    case Level::notice:
      return "notice";
    case Level::info:
      return "info";
  }
  return "info";
}

bool is_plain(std::string_view value) {
  return !value.empty() && std::ranges::all_of(value, [](char c) {
    return c > ' ' && c <= '~' && c != '"' && c != '\\' && c != '=';
  });
}

void write_line(Level level, std::string_view sentence, Fields fields) {
  std::string line =
      read_by_journal() ? fmt::format("<{}>", syslog_priority(level)) : fmt::format("{}: ", name(level));
  line += format_line(sentence, fields);
  line += '\n';
  // One write per line, so that lines of several processes do not mix. A log that cannot be written is not a
  // reason to stop serving.
  [[maybe_unused]] const ssize_t ignored = ::write(STDERR_FILENO, line.data(), line.size());
}

}  // namespace

std::string format_line(std::string_view sentence, Fields fields) {
  std::string line(sentence);
  for (const Field& field : fields) {
    line += fmt::format(" {}={}", field.key, is_plain(field.value) ? field.value : in_quotes(field.value));
  }
  return line;
}

void error(std::string_view sentence, Fields fields) {
  write_line(Level::error, sentence, fields);
}
void warning(std::string_view sentence, Fields fields) {
  write_line(Level::warning, sentence, fields);
}
void notice(std::string_view sentence, Fields fields) {
  write_line(Level::notice, sentence, fields);
}
void info(std::string_view sentence, Fields fields) {
  write_line(Level::info, sentence, fields);
}

}  // namespace pizwg::log
