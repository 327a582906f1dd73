#pragma once
// Runs another program to its end without waiting for it: an argument vector, no shell, a deadline, and at
// most so much of its output. Its input is empty. The program's own processes are its own affair. Who is
// killed may still do what it was about to, until it has ended: alive() tells.

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include <asio/io_context.hpp>

#include "base/error.h"

namespace pizwg {

struct ChildOutcome {
  int exit_status = 0;
  std::string output;  // standard output and standard error as they came, the first 16 KiB of them
};

class ChildProcess {
 public:
  using Done = std::function<void(Result<ChildOutcome>)>;

  explicit ChildProcess(asio::io_context& io);
  // Kills a program that still runs; its Done is not called.
  ~ChildProcess();

  // `command`: a program's name, looked for in PATH, and its arguments. `done` is called once, from the event
  // loop. Errors: it cannot be started, has not ended within `limit` (and was killed), or was killed by
  // somebody else. A program that even SIGKILL does not end at once (it waits for hardware) is left to
  // itself. A program that is still running is cancelled first. While three of them have not ended, no
  // further one is started.
  void run(const std::vector<std::string>& command, std::chrono::milliseconds limit, Done done);

  bool running() const { return run_ != nullptr; }
  // How many programs have not ended yet, with those that were killed.
  int alive() const { return *alive_; }
  // Kills it and forgets it: its Done is not called.
  void cancel();

 private:
  struct Run;
  void finish(Result<ChildOutcome> outcome);

  asio::io_context& io_;
  std::shared_ptr<Run> run_;
  Done done_;
  std::shared_ptr<int> alive_ = std::make_shared<int>(0);
};

}  // namespace pizwg
