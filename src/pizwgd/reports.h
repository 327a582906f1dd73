#pragma once
// What the daemon tells of itself: the metrics file for the node exporter, the answers to `pizwg status`, and
// the record that the next start goes on with. A report that cannot be written is no reason not to serve.

#include <chrono>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>

#include <asio/io_context.hpp>
#include <asio/steady_timer.hpp>

#include "base/error.h"
#include "core/config.h"
#include "core/host_record.h"
#include "core/host_status.h"

namespace pizwg {

class Reports {
 public:
  struct Settings {
    std::filesystem::path metrics_folder{};  // empty: none
    std::filesystem::path record{};          // as long as the machine is up
    std::filesystem::path lasting_record{};  // longer; in a folder that may not be there
  };

  // Reads the record. `look` says how the host is now.
  Reports(asio::io_context& io, Settings settings, std::function<HostStatus(const Now&)> look);

  static Settings settings_for(const Config& config, const std::filesystem::path& run_folder,
                               const std::filesystem::path& root);

  // What was counted and seen, also by earlier starts: others count into it.
  HostRecord& record() { return record_; }
  const HostRecord& record() const { return record_; }

  // Something changed that people wait for: it is written at once, or a second after the last one.
  void changed();
  // The last report.
  void finish();

  // The text that follows "done"; empty when that is no question of ours.
  std::optional<std::string> answer(const std::string& question) const;

 private:
  void write();
  void write_after(std::chrono::milliseconds delay);
  Result<void> write_metrics(const HostStatus& status) const;
  Result<void> write_record(const SessionCounts& sessions);
  void complain(const Result<void>& written);

  const Settings settings_;
  const std::function<HostStatus(const Now&)> look_;
  HostRecord record_;
  std::string boot_;
  asio::steady_timer timer_;
  bool due_ = false;  // what changed is not written yet
  bool finished_ = false;
  std::optional<TimePoint> written_at_;
  std::optional<TimePoint> kept_at_;  // the lasting record
  Traffic told_from_client_;          // as of the last report
  Traffic told_to_client_;
  Error trouble_;
};

}  // namespace pizwg
