#pragma once
// Says that something changed in one of a set of folders (inotify), shortly after it did; not what. A folder
// that does not exist yet is watched for through the nearest one above it that does. Costs nothing while
// nothing changes.

#include <filesystem>
#include <functional>
#include <vector>

#include <asio/io_context.hpp>
#include <asio/posix/stream_descriptor.hpp>
#include <asio/steady_timer.hpp>

#include "base/lifetime.h"

namespace pizwg {

class FileWatch {
 public:
  // `folders` is asked anew after every change, as folders come and go. `changed` is called 50 ms after the
  // first change of a burst: a key and its certificate are two files.
  FileWatch(asio::io_context& io, std::function<std::vector<std::filesystem::path>()> folders,
            std::function<void()> changed);

 private:
  void watch();
  void wait();
  void watch_later(int error_number);
  void report_after(std::chrono::milliseconds delay);

  std::function<std::vector<std::filesystem::path>()> folders_;
  std::function<void()> changed_;
  asio::posix::stream_descriptor inotify_;
  asio::steady_timer quiet_timer_;
  Lifetime lifetime_;
};

}  // namespace pizwg
