#include "pty.h"

#include <cerrno>
#include <cstdlib>
#include <fcntl.h>
#include <fmt/format.h>
#include <termios.h>

#include "base/text.h"

namespace pizwg::bench {

namespace {

Result<std::string> name_of_line(int master) {
  char name[64];
  if (::grantpt(master) != 0 || ::unlockpt(master) != 0 || ::ptsname_r(master, name, sizeof name) != 0) {
    return fail_errno("cannot make a pseudo terminal", errno);
  }
  return name;
}

Result<void> make_link(const std::string& target, const std::filesystem::path& link) {
  std::error_code error;
  if (std::filesystem::is_symlink(link, error)) std::filesystem::remove(link, error);
  std::filesystem::create_symlink(target, link, error);
  if (error) return fail_errno("cannot make the link " + in_quotes(link.string()), error.value());
  return {};
}

}  // namespace

Result<UniqueFd> open_line(const std::filesystem::path& path) {
  UniqueFd fd(::open(path.c_str(), O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC));
  const std::string doing = "cannot open the line " + in_quotes(path.string());
  if (!fd) return fail_errno(doing, errno);
  termios settings{};
  if (::tcgetattr(fd.get(), &settings) != 0) return fail_errno(doing, errno);
  ::cfmakeraw(&settings);
  ::cfsetspeed(&settings, B115200);
  if (::tcsetattr(fd.get(), TCSANOW, &settings) != 0) return fail_errno(doing, errno);
  return fd;
}

Result<PtyLink> PtyLink::make(const std::filesystem::path& link) {
  UniqueFd master(::posix_openpt(O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC));
  if (!master) return fail_errno("cannot make a pseudo terminal", errno);
  const Result<std::string> name = name_of_line(master.get());
  if (!name) return std::unexpected(name.error());
  Result<UniqueFd> line = open_line(*name);
  if (!line) return std::unexpected(line.error());
  if (const Result<void> linked = make_link(*name, link); !linked) return std::unexpected(linked.error());
  return PtyLink(std::move(master), std::move(*line), link);
}

PtyLink::~PtyLink() {
  std::error_code ignored;
  if (master_) std::filesystem::remove(link_, ignored);
}

Result<std::size_t> read_some(int fd, std::span<std::uint8_t> bytes) {
  const ssize_t count = ::read(fd, bytes.data(), bytes.size());
  if (count > 0) return static_cast<std::size_t>(count);
  if (count < 0 && (errno == EAGAIN || errno == EINTR)) return 0;
  return fail_errno("cannot read from the line", count == 0 ? EIO : errno);
}

Result<std::size_t> write_some(int fd, std::span<const std::uint8_t> bytes) {
  const ssize_t count = ::write(fd, bytes.data(), bytes.size());
  if (count >= 0) return static_cast<std::size_t>(count);
  if (errno == EAGAIN || errno == EINTR) return 0;
  return fail_errno("cannot write to the line", errno);
}

}  // namespace pizwg::bench
