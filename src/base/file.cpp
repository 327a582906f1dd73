#include "base/file.h"

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>
#include <vector>

#include "base/text.h"
#include "base/unique_fd.h"

namespace pizwg {
namespace {

namespace fs = std::filesystem;

std::string cannot(std::string_view verb, const fs::path& path) {
  return fmt::format("cannot {} {}", verb, in_quotes(path.native()));
}

std::string hint_for(int error_number) {
  switch (error_number) {
    case EACCES:
    case EPERM:
      return "run it as root (sudo)";
    case EROFS:
      return "the file system is read-only: type rw to make it writable, and ro when done";
    case ENOSPC:
    case EDQUOT:
      return "the disk is full: free some space and try again";
    default:
      return {};
  }
}

Result<void> write_all(int fd, std::string_view content, const fs::path& path) {
  while (!content.empty()) {
    const ssize_t written = ::write(fd, content.data(), content.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return fail_file("write", path, errno);
    content.remove_prefix(static_cast<std::size_t>(written));
  }
  return {};
}

enum class Sync { no, yes };

Result<void> fill(int fd, std::string_view content, mode_t mode, std::optional<gid_t> group,
                  const fs::path& path, Sync sync) {
  // mkostemp() makes 0600; only ever widened, for the right group, and before a byte is in it.
  constexpr auto same_owner = static_cast<uid_t>(-1);
  if (group && ::fchown(fd, same_owner, *group) != 0) return fail_file("set the group of", path, errno);
  if (::fchmod(fd, mode) != 0) return fail_file("set the mode of", path, errno);
  if (auto written = write_all(fd, content, path); !written) return written;
  if (sync == Sync::yes && ::fsync(fd) != 0) return fail_file("write", path, errno);
  return {};
}

Result<fs::path> stage(const fs::path& target, std::string_view content, mode_t mode,
                       std::optional<gid_t> group, Sync sync) {
  std::string temporary =
      (folder_of(target) / fmt::format(".{}.XXXXXX", target.filename().native())).native();
  const UniqueFd fd(::mkostemp(temporary.data(), O_CLOEXEC));
  if (!fd) return fail_file("create", target, errno);
  if (auto filled = fill(fd.get(), content, mode, group, target, sync); !filled) {
    ::unlink(temporary.c_str());
    return std::unexpected(std::move(filled.error()));
  }
  return fs::path(temporary);
}

Result<void> move_over(const fs::path& temporary, const fs::path& target) {
  if (::rename(temporary.c_str(), target.c_str()) == 0) return {};
  const int reason = errno;
  ::unlink(temporary.c_str());
  return fail_file("replace", target, reason);
}

}  // namespace

Result<std::string> read_file(const fs::path& path, std::size_t limit) {
  // O_NONBLOCK: a FIFO or a device in the file's place must not hang us.
  const UniqueFd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (!fd) return fail_file("open", path, errno);
  struct stat info {};
  if (::fstat(fd.get(), &info) != 0) return fail_file("read", path, errno);
  if (!S_ISREG(info.st_mode)) return fail(cannot("read", path) + ": not a regular file");
  std::string content;
  while (content.size() <= limit) {
    char buffer[16384];
    const ssize_t got = ::read(fd.get(), buffer, sizeof buffer);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return fail_file("read", path, errno);
    if (got == 0) return content;
    content.append(buffer, static_cast<std::size_t>(got));
  }
  return fail(fmt::format("{}: more than {} bytes", cannot("read", path), limit));
}

Result<fs::path> stage_file(const fs::path& target, std::string_view content, mode_t mode,
                            std::optional<gid_t> group) {
  return stage(target, content, mode, group, Sync::yes);
}

Result<void> write_file(const fs::path& path, std::string_view content, mode_t mode) {
  const auto temporary = stage(path, content, mode, {}, Sync::yes);
  if (!temporary) return std::unexpected(temporary.error());
  if (auto moved = move_over(*temporary, path); !moved) return moved;
  sync_folder(folder_of(path));
  return {};
}

Result<void> replace_file(const fs::path& path, std::string_view content, mode_t mode) {
  const auto temporary = stage(path, content, mode, {}, Sync::no);
  if (!temporary) return std::unexpected(temporary.error());
  return move_over(*temporary, path);
}

void sync_folder(const fs::path& folder) {
  // A file system that cannot sync folders says EINVAL: it has no need to.
  const UniqueFd fd(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (fd) ::fsync(fd.get());
}

std::unexpected<Error> fail_file(std::string_view verb, const fs::path& path, int error_number) {
  return fail_errno(cannot(verb, path), error_number, hint_for(error_number));
}

fs::path folder_of(const fs::path& path) {
  return path.has_parent_path() ? path.parent_path() : fs::path(".");
}

}  // namespace pizwg
