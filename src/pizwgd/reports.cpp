#include "pizwgd/reports.h"

#include <cerrno>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

#include "adapters/clocks.h"
#include "base/file.h"
#include "base/log.h"
#include "base/text.h"
#include "core/metrics.h"
#include "core/status_json.h"

namespace pizwg {
namespace {

namespace fs = std::filesystem;
using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr milliseconds least_interval{1000};  // whatever happens how often
constexpr seconds busy_interval{15};          // while bytes pass; otherwise report_interval
constexpr std::chrono::minutes keep_interval{10};
constexpr std::size_t largest_record = 64 * 1024;
constexpr const char* metrics_file = "pizwg.prom";

std::string boot_id() {
  const auto text = read_file("/proc/sys/kernel/random/boot_id", 256);
  return text ? std::string(trimmed(*text)) : "unknown";
}

// The longer-lived one is of an earlier boot, where there is a newer one.
HostRecord read_record(const Reports::Settings& settings, std::string_view boot) {
  for (const fs::path& path : {settings.record, settings.lasting_record}) {
    if (const auto text = read_file(path, largest_record)) return parse_record(*text, boot);
  }
  return {};
}

// For the node exporter, which is another user.
Result<void> make_public_folder(const fs::path& folder) {
  if (::mkdir(folder.c_str(), 0755) == 0) {
    if (::chmod(folder.c_str(), 0755) != 0) return fail_file("set the mode of", folder, errno);
  } else if (errno != EEXIST) {
    return fail_file("make", folder, errno);
  }
  return {};
}

}  // namespace

Reports::Reports(asio::io_context& io, Settings settings, std::function<HostStatus(const Now&)> look)
    : settings_(std::move(settings)), look_(std::move(look)), boot_(boot_id()), timer_(io) {
  record_ = read_record(settings_, boot_);
}

Reports::Settings Reports::settings_for(const Config& config, const fs::path& run_folder,
                                        const fs::path& root) {
  Settings settings{.metrics_folder = config.metrics_folder, .record = run_folder / "record"};
  if (config.metrics_folder == "auto") settings.metrics_folder = run_folder / "metrics";
  if (config.metrics_folder == "none") settings.metrics_folder.clear();
  settings.lasting_record = root / fs::path(config.state_folder).relative_path() / "record";
  return settings;
}

void Reports::changed() {
  if (std::exchange(due_, true) || finished_) return;
  const auto now = read_clocks().steady;
  const auto earliest = written_at_ ? *written_at_ + least_interval : now;
  write_after(std::max(milliseconds(0), std::chrono::ceil<milliseconds>(earliest - now)));
}

void Reports::finish() {
  finished_ = true;
  kept_at_.reset();
  write();
  timer_.cancel();
}

std::optional<std::string> Reports::answer(const std::string& question) const {
  if (question == "metrics") return render_metrics(look_(read_clocks()));
  if (question == "status") return status_json(look_(read_clocks()));
  return std::nullopt;
}

void Reports::write_after(milliseconds delay) {
  timer_.expires_after(delay);
  timer_.async_wait([this](const asio::error_code& error) {
    if (!error) write();
  });
}

void Reports::write() {
  due_ = false;
  const Now now = read_clocks();
  written_at_ = now.steady;
  const HostStatus status = look_(now);
  const auto record_written = write_record(status.sessions);
  const auto metrics_written = write_metrics(status);
  complain(metrics_written ? record_written : metrics_written);
  const bool from_client = std::exchange(told_from_client_, status.sessions.from_client) != told_from_client_;
  const bool to_client = std::exchange(told_to_client_, status.sessions.to_client) != told_to_client_;
  write_after(from_client || to_client ? busy_interval : report_interval);
}

Result<void> Reports::write_metrics(const HostStatus& status) const {
  if (settings_.metrics_folder.empty()) return {};
  if (const auto made = make_public_folder(settings_.metrics_folder); !made) return made;
  return replace_file(settings_.metrics_folder / metrics_file, render_metrics(status), 0644);
}

// The session that runs has not counted its bytes into the record; its status has them. The lasting one wears
// out the card that it is on, so it is written seldom; where it cannot be, the other one has to do.
Result<void> Reports::write_record(const SessionCounts& sessions) {
  HostRecord record = record_;
  record.sessions = sessions;
  const std::string text = format_record(record, boot_);
  if (auto written = replace_file(settings_.record, text, 0600); !written) return written;
  const TimePoint now = *written_at_;
  if (kept_at_ && now - *kept_at_ < keep_interval) return {};
  kept_at_ = now;
  const fs::path folder = settings_.lasting_record.parent_path();
  std::error_code ignored;
  if (!fs::is_directory(folder, ignored)) return {};
  if (::access(folder.c_str(), W_OK) != 0 && errno == EROFS) return {};  // an appliance's root is meant to be
  return replace_file(settings_.lasting_record, text, 0600);
}

// Once, and again only when it changes.
void Reports::complain(const Result<void>& written) {
  const Error why = written ? Error{} : written.error();
  if (std::exchange(trouble_, why) == why || written) return;
  log::warning("no report: " + why.what, {{"hint", why.hint}});
}

}  // namespace pizwg
