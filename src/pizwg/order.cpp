#include "pizwg/order.h"

#include "adapters/control_client.h"
#include "base/text.h"
#include "pizwg/output.h"

namespace pizwg {
namespace {

constexpr const char* control_socket = "run/pizwg/control";
// The daemon itself gives an order up after 30 s.
constexpr std::chrono::seconds answer_limit{40};
constexpr std::chrono::seconds question_limit{3};

// The first line, which is taken off.
std::string_view take_line(std::string_view& text) {
  const auto end = std::min(text.find('\n'), text.size());
  const std::string_view line = text.substr(0, end);
  text.remove_prefix(std::min(end + 1, text.size()));
  return line;
}

}  // namespace

Outcome order_daemon(std::string_view line) {
  const auto answer = ask_daemon(std::filesystem::path("/") / control_socket, line, answer_limit);
  if (!answer) return std::unexpected(answer.error());
  std::string_view rest(*answer);
  const std::string_view verdict = take_line(rest);
  if (verdict == "done") {
    say(trimmed(rest));
    return {};
  }
  const std::string what(take_line(rest));
  return std::unexpected(Error{what, std::string(trimmed(rest))});
}

Result<std::string> question_daemon(std::string_view line, const std::filesystem::path& root) {
  const auto answer = ask_daemon(root / control_socket, line, question_limit);
  if (!answer) return std::unexpected(answer.error());
  std::string_view rest(*answer);
  if (take_line(rest) == "done") return std::string(rest);
  return fail("pizwgd does not know the question " + in_quotes(line), "are pizwg and pizwgd of one version?");
}

}  // namespace pizwg
