#pragma once
// A pseudo terminal behind a link, and a serial line opened the way an application opens one. Raw, 115200,
// non-blocking. A pty has no speed: who needs the pace of a line makes it (gateway.h).

#include <cstdint>
#include <filesystem>
#include <span>

#include "base/error.h"
#include "base/unique_fd.h"

namespace pizwg::bench {

class PtyLink {
 public:
  // Replaces a link that an earlier run left; anything else at that path is an error.
  static Result<PtyLink> make(const std::filesystem::path& link);
  PtyLink(PtyLink&&) = default;
  PtyLink& operator=(PtyLink&&) = delete;
  ~PtyLink();

  int master() const { return master_.get(); }

 private:
  PtyLink(UniqueFd master, UniqueFd line, std::filesystem::path link)
      : master_(std::move(master)), line_(std::move(line)), link_(std::move(link)) {}

  UniqueFd master_;
  UniqueFd line_;  // held open, so that the master outlives every application that comes and goes
  std::filesystem::path link_;
};

Result<UniqueFd> open_line(const std::filesystem::path& path);

// How many bytes went; 0 when there were none, or no room. The line or connection is gone: an error.
Result<std::size_t> read_some(int fd, std::span<std::uint8_t> bytes);
Result<std::size_t> write_some(int fd, std::span<const std::uint8_t> bytes);

}  // namespace pizwg::bench
