#include "adapters/file_watch.h"

#include <cerrno>
#include <sys/inotify.h>
#include <system_error>
#include <utility>

#include "base/log.h"

namespace pizwg {
namespace {

namespace fs = std::filesystem;

constexpr std::chrono::milliseconds quiet_time{50};
constexpr std::chrono::milliseconds retry_interval{5000};
constexpr std::uint32_t changes = IN_CLOSE_WRITE | IN_CREATE | IN_DELETE | IN_MOVED_FROM | IN_MOVED_TO |
                                  IN_ATTRIB | IN_DELETE_SELF | IN_MOVE_SELF | IN_ONLYDIR;

fs::path nearest_existing(fs::path folder) {
  std::error_code ignored;
  while (!fs::is_directory(folder, ignored) && folder.has_relative_path()) folder = folder.parent_path();
  return folder;
}

}  // namespace

FileWatch::FileWatch(asio::io_context& io, std::function<std::vector<fs::path>()> folders,
                     std::function<void()> changed)
    : folders_(std::move(folders)), changed_(std::move(changed)), inotify_(io), quiet_timer_(io) {
  watch();
}

// All watches are made anew each time: the set is small, and what is no longer asked for is gone with the old
// one.
void FileWatch::watch() {
  asio::error_code ignored;
  inotify_.close(ignored);
  const int fd = ::inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
  if (fd < 0) return watch_later(errno);
  inotify_.assign(fd);
  for (const fs::path& folder : folders_())
    ::inotify_add_watch(fd, nearest_existing(folder).c_str(), changes);
  wait();
}

// Out of descriptors. When there are some again, whatever has changed in the meantime is reported.
void FileWatch::watch_later(int error_number) {
  log::warning("cannot watch files for changes, trying again",
               {{"error", std::generic_category().message(error_number)}});
  report_after(retry_interval);
}

void FileWatch::wait() {
  inotify_.async_wait(asio::posix::stream_descriptor::wait_read,
                      lifetime_.bound([this](const asio::error_code& error) {
                        if (error) return;
                        report_after(quiet_time);
                      }));
}

// Not restarted by further changes: a folder in which there is always something going on must not put it off
// for ever.
void FileWatch::report_after(std::chrono::milliseconds delay) {
  quiet_timer_.expires_after(delay);
  quiet_timer_.async_wait(lifetime_.bound([this](const asio::error_code& error) {
    if (error) return;
    watch();  // before the report: what changes from now on is seen
    changed_();
  }));
}

}  // namespace pizwg
