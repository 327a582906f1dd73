#pragma once
// A pseudo terminal that looks like a serial port to whoever opens its symlink: raw, close-on-exec, its
// master side non-blocking. Not the bytes that pass: read and write master() yourself. The slave is held
// open, so that the master sees no hang-up when the last opener leaves; opened() tells instead. Destroying it
// hangs up: every opener's read fails at once, and the symlink goes if it is still ours.

#include <algorithm>
#include <filesystem>
#include <optional>
#include <string>
#include <sys/types.h>
#include <utility>

#include "base/error.h"
#include "base/unique_fd.h"

namespace pizwg {

// Who may open it. Empty: who runs this program.
struct TtyOwner {
  std::optional<uid_t> user{};
  std::optional<gid_t> group{};
  std::optional<mode_t> mode{};
};

// How the link names the tty: by its path, which is right for whoever sees our /dev/pts; or through our
// process, for a container of the same pod, which has a /dev/pts of its own. There whoever may read our
// process may open it: the same user, with no capability less.
enum class TtyLink { path, process };

class PseudoTty {
 public:
  // Replaces a symlink that points nowhere or into a /dev/pts (what a killed program leaves); anything else
  // at `link` is an error. The link is made last: when it is there, everything works.
  static Result<PseudoTty> create(const std::filesystem::path& link, const TtyOwner& owner = {},
                                  TtyLink kind = TtyLink::path);

  PseudoTty(PseudoTty&&) noexcept = default;
  PseudoTty& operator=(PseudoTty&&) = delete;
  ~PseudoTty();

  int master() const { return master_.get(); }
  const std::string& slave_path() const { return slave_path_; }

  // Readable when somebody opened or closed the port; then ask opened() and take_left().
  int watch() const { return watch_.get(); }

  // Whether somebody else has the port open, as of now.
  bool opened();

  // Whether somebody has said what nobody has read yet. With opened() false he was missed: the kernel tells
  // of two openings in a row as of one when we were late, and of both closings.
  bool has_words() const;
  void somebody_is_there() { openers_ = std::max(openers_, 1L); }

  // Whether, at the last opened(), everybody had left since the call before. Then it is time to reset().
  bool take_left() { return std::exchange(left_, false); }

  // As a port that is opened for the first time: raw, not exclusive, and nothing to read for whoever opens
  // it. A real serial port keeps neither what came while it was closed nor TIOCEXCL; a pty does. What openers
  // said stays to be read from master(): the next one may have come, and have spoken, since opened().
  void reset();

  // Whoever opens it may set what he likes (echo, flow control, line endings), and a pty would do it. From
  // this call on each read of master() gives one byte before the data: 0, or another and no data when
  // something happened; then call stay_raw().
  void watch_settings();
  void stay_raw();

 private:
  PseudoTty(UniqueFd master, UniqueFd slave, UniqueFd watch, std::string slave_path);

  UniqueFd watch_;  // inotify on the slave. Closed last: that waits for the kernel, and a hang-up must not
                    // wait for it
  UniqueFd master_;
  UniqueFd slave_;
  std::string slave_path_;
  std::filesystem::path link_;  // empty while there is none
  std::string link_target_;
  long openers_ = 0;
  bool left_ = false;
  bool watches_settings_ = false;
};

}  // namespace pizwg
