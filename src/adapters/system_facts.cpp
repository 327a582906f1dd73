#include "adapters/system_facts.h"

#include <algorithm>
#include <charconv>
#include <fmt/format.h>
#include <sys/statvfs.h>

#include "adapters/machine_facts.h"
#include "base/file.h"
#include "base/text.h"
#include "core/login_policy.h"

namespace pizwg {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t largest = 1024 * 1024;

std::optional<std::string> text_of(const fs::path& path) {
  auto text = read_file(path, largest);
  return text ? std::optional(std::move(*text)) : std::nullopt;
}

std::vector<std::string> words_of(std::string_view text) {
  std::vector<std::string> words;
  while (!(text = trimmed(text)).empty()) {
    const auto end = std::min(text.find_first_of(" \t\n"), text.size());
    words.emplace_back(text.substr(0, end));
    text.remove_prefix(end);
  }
  return words;
}

std::optional<double> number(std::string_view text) {
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc() ? std::optional(value) : std::nullopt;
}

// Debian's sshd_config reads the folder first.
std::optional<bool> ssh_takes_passwords(const fs::path& root) {
  std::vector<fs::path> paths;
  std::error_code error;
  for (fs::directory_iterator entry(root / "etc/ssh/sshd_config.d", error), end; !error && entry != end;
       entry.increment(error)) {
    if (entry->path().extension() == ".conf") paths.push_back(entry->path());
  }
  std::ranges::sort(paths);
  paths.push_back(root / "etc/ssh/sshd_config");
  std::vector<std::string> texts;
  for (const fs::path& path : paths) {
    if (auto text = text_of(path)) texts.push_back(std::move(*text));
  }
  if (texts.empty()) return std::nullopt;  // no SSH server
  return ssh_password_login({texts.begin(), texts.end()});
}

// 127.0.0.0/8 and ::1, as /proc/net writes them.
bool is_loopback(std::string_view address) {
  return address.size() == 8 ? address.ends_with("7F") : address == "00000000000000000000000001000000";
}

// A line of /proc/net/tcp: "0: 0100007F:0CEA 00000000:0000 0A …". State 0A is listening; UDP has 07 for a
// socket that is connected to nobody.
void add_ports(std::set<std::pair<std::string, unsigned>>& ports, const std::string& table,
               const std::string& protocol) {
  const std::string_view state = protocol == "tcp" ? "0A" : "07";
  std::string_view rest(table);
  while (!rest.empty()) {
    const auto end = std::min(rest.find('\n'), rest.size());
    const auto words = words_of(rest.substr(0, end));
    rest.remove_prefix(std::min(end + 1, rest.size()));
    if (words.size() < 4 || words[3] != state) continue;
    const auto colon = words[1].find(':');
    if (colon == std::string::npos || is_loopback(words[1].substr(0, colon))) continue;
    unsigned port = 0;
    std::from_chars(words[1].data() + colon + 1, words[1].data() + words[1].size(), port, 16);
    ports.emplace(protocol, port);
  }
}

std::optional<std::set<std::pair<std::string, unsigned>>> open_ports(const fs::path& root) {
  std::set<std::pair<std::string, unsigned>> ports;
  bool any = false;
  for (const char* table : {"tcp", "tcp6", "udp", "udp6"}) {
    const auto text = text_of(root / "proc/net" / table);
    any = any || text;
    if (text) add_ports(ports, *text, std::string(table).substr(0, 3));
  }
  return any ? std::optional(ports) : std::nullopt;
}

std::optional<double> disk_free(const fs::path& root) {
  struct statvfs info {};
  if (::statvfs(root.c_str(), &info) != 0 || info.f_blocks == 0) return std::nullopt;
  return static_cast<double>(info.f_bavail) / static_cast<double>(info.f_blocks);
}

std::optional<double> memory_free(const fs::path& root) {
  const auto text = text_of(root / "proc/meminfo");
  if (!text) return std::nullopt;
  std::optional<double> total;
  std::optional<double> available;
  const auto words = words_of(*text);
  for (std::size_t i = 0; i + 1 < words.size(); ++i) {
    if (words[i] == "MemTotal:") total = number(words[i + 1]);
    if (words[i] == "MemAvailable:") available = number(words[i + 1]);
  }
  if (!total || !available || *total <= 0) return std::nullopt;
  return *available / *total;
}

// Of the Pi, the first zone is the processor.
std::optional<double> temperature(const fs::path& root) {
  const auto text = text_of(root / "sys/class/thermal/thermal_zone0/temp");
  const auto millidegrees = text ? number(trimmed(*text)) : std::nullopt;
  return millidegrees ? std::optional(*millidegrees / 1000) : std::nullopt;
}

}  // namespace

SystemFacts read_system_facts(const fs::path& root) {
  const auto shadow = text_of(root / "etc/shadow");
  return {.machine = read_machine_status(root),
          .root_password_locked = shadow ? root_password_locked(*shadow) : std::nullopt,
          .ssh_password_login = ssh_takes_passwords(root),
          .disk_free = disk_free(root),
          .memory_free = memory_free(root),
          .temperature = temperature(root),
          .ports = open_ports(root)};
}

}  // namespace pizwg
