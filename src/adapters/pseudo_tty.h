#pragma once
// A pseudo terminal that looks like a serial port to whoever opens its symlink: raw, close-on-exec, its
// master side non-blocking. Not the bytes that pass: read and write master() yourself. The slave is held
// open, so that the master sees no hang-up when the last opener leaves; opened() tells instead. Destroying it
// hangs up: every opener's read fails at once, and the symlink goes if it is still ours.

#include <filesystem>
#include <string>
#include <utility>

#include "base/error.h"
#include "base/unique_fd.h"

namespace pizwg {

class PseudoTty {
 public:
  // Replaces a symlink that points nowhere or into /dev/pts (what a killed program leaves); anything else at
  // `link` is an error. The link is made last: when it is there, everything works.
  static Result<PseudoTty> create(const std::filesystem::path& link);

  PseudoTty(PseudoTty&&) noexcept = default;
  PseudoTty& operator=(PseudoTty&&) = delete;
  ~PseudoTty();

  int master() const { return master_.get(); }
  const std::string& slave_path() const { return slave_path_; }

  // Readable when somebody opened or closed the port; then ask opened() and take_left().
  int watch() const { return watch_.get(); }

  // Whether somebody else has the port open, as of now.
  bool opened();

  // Whether, at the last opened(), everybody had left since the call before. Then it is time to reset().
  bool take_left() { return std::exchange(left_, false); }

  // As a port that is opened for the first time: raw, not exclusive, and nothing to read. A real serial port
  // keeps neither what came while it was closed nor TIOCEXCL; a pty does.
  void reset();

 private:
  PseudoTty(UniqueFd master, UniqueFd slave, UniqueFd watch, std::string slave_path);

  UniqueFd master_;
  UniqueFd slave_;
  UniqueFd watch_;  // inotify on the slave
  std::string slave_path_;
  std::filesystem::path link_;  // empty while there is none
  long openers_ = 0;
  bool left_ = false;
};

}  // namespace pizwg
