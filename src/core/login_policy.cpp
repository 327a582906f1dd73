#include "core/login_policy.h"

#include <algorithm>
#include <cctype>
#include <string>

#include "base/text.h"

namespace pizwg {
namespace {

std::string_view take_line(std::string_view& text) {
  const auto end = std::min(text.find('\n'), text.size());
  const std::string_view line = text.substr(0, end);
  text.remove_prefix(std::min(end + 1, text.size()));
  return line;
}

std::string lower(std::string_view text) {
  std::string out(text);
  std::ranges::transform(out, out.begin(),
                         [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return out;
}

// "PasswordAuthentication no", "passwordauthentication=no": key and value, in lower case.
std::pair<std::string, std::string> key_and_value(std::string_view line) {
  line = trimmed(line);
  const auto end = std::min(line.find_first_of(" \t="), line.size());
  std::string_view value = line.substr(end);
  value.remove_prefix(std::min(value.find_first_not_of(" \t="), value.size()));
  return {lower(line.substr(0, end)), lower(trimmed(value))};
}

// "", when the file says nothing of it.
std::string password_authentication(std::string_view file) {
  while (!file.empty()) {
    const auto [key, value] = key_and_value(take_line(file));
    if (key == "match") return "";
    if (key == "passwordauthentication") return value;
  }
  return "";
}

}  // namespace

std::optional<bool> root_password_locked(std::string_view shadow) {
  while (!shadow.empty()) {
    std::string_view line = take_line(shadow);
    if (!line.starts_with("root:")) continue;
    line.remove_prefix(5);
    return line.starts_with('!') || line.starts_with('*');
  }
  return std::nullopt;
}

bool ssh_password_login(const std::vector<std::string_view>& files) {
  for (const std::string_view file : files) {
    if (const std::string said = password_authentication(file); !said.empty()) return said != "no";
  }
  return true;
}

}  // namespace pizwg
