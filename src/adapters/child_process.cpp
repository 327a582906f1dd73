#include "adapters/child_process.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <fcntl.h>
#include <fmt/format.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>
#include <utility>

#include <asio/posix/stream_descriptor.hpp>
#include <asio/post.hpp>
#include <asio/steady_timer.hpp>

#include "adapters/pidfd.h"
#include "base/text.h"
#include "base/unique_fd.h"

extern char** environ;  // NOLINT(readability-redundant-declaration)

namespace pizwg {
namespace {

constexpr std::size_t most_output = 16 * 1024;
constexpr int most_alive = 3;

// What posix_spawn is to do between fork and exec.
class Preparation {
 public:
  explicit Preparation(int output) {
    posix_spawn_file_actions_init(&files_);
    posix_spawnattr_init(&attributes_);
    posix_spawn_file_actions_addopen(&files_, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_adddup2(&files_, output, STDOUT_FILENO);
    posix_spawn_file_actions_adddup2(&files_, output, STDERR_FILENO);
    // Asio's sockets are not close-on-exec. A program that hangs would hold them: a connection that we close
    // would stay, and so would the port that we listen on.
    posix_spawn_file_actions_addclosefrom_np(&files_, STDERR_FILENO + 1);
    // The event loop's signals and the SIGPIPE that we ignore are not the program's.
    sigset_t none;
    sigset_t all;
    sigemptyset(&none);
    sigfillset(&all);
    posix_spawnattr_setsigmask(&attributes_, &none);
    posix_spawnattr_setsigdefault(&attributes_, &all);
    posix_spawnattr_setflags(&attributes_, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
  }
  ~Preparation() {
    posix_spawn_file_actions_destroy(&files_);
    posix_spawnattr_destroy(&attributes_);
  }
  Preparation(const Preparation&) = delete;
  Preparation& operator=(const Preparation&) = delete;

  Result<pid_t> start(const std::vector<std::string>& command) const {
    std::vector<char*> words;
    words.reserve(command.size() + 1);
    for (const std::string& word : command) words.push_back(const_cast<char*>(word.c_str()));
    words.push_back(nullptr);
    pid_t pid = 0;
    const int error = ::posix_spawnp(&pid, words[0], &files_, &attributes_, words.data(), environ);
    if (error != 0) {
      return fail_errno("cannot start " + in_quotes(command[0]), error,
                        error == ENOENT ? fmt::format("is the package {} installed?", command[0]) : "");
    }
    return pid;
  }

 private:
  posix_spawn_file_actions_t files_{};
  posix_spawnattr_t attributes_{};
};

}  // namespace

// Held by the callbacks that wait for the program, also when its ChildProcess has gone: somebody must reap
// it.
struct ChildProcess::Run : std::enable_shared_from_this<ChildProcess::Run> {
  explicit Run(asio::io_context& io) : ended(io), output(io), limit(io) {}

  asio::posix::stream_descriptor ended;  // a pidfd: readable when the program has ended
  asio::posix::stream_descriptor output;
  asio::steady_timer limit;
  std::string name;
  std::string text;
  std::array<char, 1024> piece{};
  ChildProcess* owner = nullptr;  // null: nobody wants to know any longer
  std::shared_ptr<int> alive;     // counts this one from its start to its end

  Result<void> start(const std::vector<std::string>& command);
  void wait_for_end();
  void read_output();
  void drain_output();
  void keep(std::size_t bytes);
  void kill();
  Result<ChildOutcome> reap();
};

Result<void> ChildProcess::Run::start(const std::vector<std::string>& command) {
  name = command.front();
  if (*alive >= most_alive)
    return fail(fmt::format("{} earlier calls of {} still hang", *alive, in_quotes(name)));
  std::array<int, 2> pipe{};
  if (::pipe2(pipe.data(), O_CLOEXEC | O_NONBLOCK) != 0) return fail_errno("cannot make a pipe", errno);
  output.assign(pipe[0]);
  const UniqueFd writing_end(pipe[1]);
  // Only ours is non-blocking: the program would not expect it of its output.
  ::fcntl(writing_end.get(), F_SETFL, 0);
  const auto pid = Preparation(writing_end.get()).start(command);
  if (!pid) return std::unexpected(pid.error());
  const int fd = ::pidfd_open(*pid, 0);
  if (fd < 0) {
    const int error = errno;
    ::kill(*pid, SIGKILL);
    ::waitpid(*pid, nullptr, 0);
    return fail_errno("cannot watch " + in_quotes(name), error);
  }
  ended.assign(fd);
  ++*alive;
  return {};
}

void ChildProcess::Run::wait_for_end() {
  ended.async_wait(asio::posix::descriptor_base::wait_read,
                   [self = shared_from_this()](const asio::error_code& error) {
                     if (error) return;
                     auto outcome = self->reap();
                     self->limit.cancel();
                     asio::error_code ignored;
                     self->output.close(ignored);
                     if (self->owner != nullptr) self->owner->finish(std::move(outcome));
                   });
}

void ChildProcess::Run::read_output() {
  output.async_read_some(asio::buffer(piece),
                         [self = shared_from_this()](const asio::error_code& error, std::size_t bytes) {
                           if (error) return;
                           self->keep(bytes);
                           self->read_output();
                         });
}

// What came between the last read and the end.
void ChildProcess::Run::drain_output() {
  while (text.size() < most_output) {
    const ssize_t got = ::read(output.native_handle(), piece.data(), piece.size());
    if (got <= 0) return;
    keep(static_cast<std::size_t>(got));
  }
}

void ChildProcess::Run::keep(std::size_t bytes) {
  text.append(piece.data(), std::min(bytes, most_output - text.size()));
}

void ChildProcess::Run::kill() {
  ::pidfd_send_signal(ended.native_handle(), SIGKILL, nullptr, 0);
}

Result<ChildOutcome> ChildProcess::Run::reap() {
  --*alive;
  siginfo_t info{};
  if (::waitid(P_PIDFD, static_cast<id_t>(ended.native_handle()), &info, WEXITED | WNOHANG) != 0) {
    return fail_errno("cannot learn how " + in_quotes(name) + " ended", errno);
  }
  drain_output();
  if (info.si_code != CLD_EXITED) {
    return fail(fmt::format("{} was ended by signal {}", in_quotes(name), info.si_status));
  }
  return ChildOutcome{.exit_status = info.si_status, .output = std::move(text)};
}

ChildProcess::ChildProcess(asio::io_context& io) : io_(io) {}

ChildProcess::~ChildProcess() {
  cancel();
}

void ChildProcess::run(const std::vector<std::string>& command, std::chrono::milliseconds limit, Done done) {
  cancel();
  done_ = std::move(done);
  run_ = std::make_shared<Run>(io_);
  run_->owner = this;
  run_->alive = alive_;
  if (const auto started = run_->start(command); !started) {
    asio::post(io_, [run = run_, error = started.error()] {
      if (run->owner != nullptr) run->owner->finish(std::unexpected(error));
    });
    return;
  }
  run_->wait_for_end();
  run_->read_output();
  run_->limit.expires_after(limit);
  run_->limit.async_wait([run = run_, limit](const asio::error_code& error) {
    if (error || run->owner == nullptr) return;
    run->kill();
    run->owner->finish(
        fail(fmt::format("{} has not ended within {} ms", in_quotes(run->name), limit.count())));
  });
}

void ChildProcess::cancel() {
  if (!run_) return;
  run_->kill();
  run_->owner = nullptr;
  run_->limit.cancel();
  run_.reset();
}

void ChildProcess::finish(Result<ChildOutcome> outcome) {
  run_->owner = nullptr;
  run_.reset();
  const Done done = std::exchange(done_, nullptr);
  done(std::move(outcome));
}

}  // namespace pizwg
