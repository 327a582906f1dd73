#pragma once
// /run/pizwg: what one start of the daemon leaves to the next. It lasts as long as the machine is up, also
// over a soft-reboot, which is as long as the hub keeps its state.

#include <filesystem>

#include "base/error.h"
#include "core/lifecycle.h"
#include "core/vrrp.h"

namespace pizwg {

inline constexpr const char* default_run_folder = "/run/pizwg";

class RunFolder {
 public:
  explicit RunFolder(std::filesystem::path path) : path_(std::move(path)) {}

  // Makes the folder, if systemd has not.
  Result<void> prepare() const;

  const std::filesystem::path& path() const { return path_; }
  std::filesystem::path hub() const { return path_ / "hub"; }
  std::filesystem::path control() const { return path_ / "control"; }
  ElectionPaths election() const { return {.veto = path_ / "veto", .notices = path_ / "notify"}; }

  // Unreadable is the same as none: to prove the gateway once more is the careful thing to do.
  Beginning::Memory memory() const;
  Result<void> remember(bool proven) const;

  bool maintenance() const;
  Result<void> set_maintenance(bool on) const;

  // When everything but perhaps the kernel started anew: init's start, or the last soft-reboot.
  TimePoint booted_at() const;
  Result<void> note_soft_reboot(TimePoint now) const;

 private:
  std::filesystem::path path_;
};

}  // namespace pizwg
