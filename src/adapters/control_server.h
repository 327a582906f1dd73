#pragma once
// The daemon's ear for its operator: a Unix socket on which one line asks and one text answers. Only who may
// open the socket's file is heard. Does not know what the lines mean.

#include <filesystem>
#include <functional>
#include <list>
#include <memory>
#include <string>

#include <asio/io_context.hpp>
#include <asio/local/stream_protocol.hpp>
#include <asio/steady_timer.hpp>

#include "base/error.h"
#include "base/lifetime.h"

namespace pizwg {

class ControlServer {
 public:
  using Answer = std::function<void(const std::string&)>;
  // `answer` may be called later, once; when the asker has gone, it does nothing.
  using Handler = std::function<void(const std::string& line, Answer answer)>;

  // A socket that an earlier daemon left behind is replaced. The file's mode is 0600.
  static Result<std::unique_ptr<ControlServer>> open(asio::io_context& io, std::filesystem::path path,
                                                     Handler handler);
  ~ControlServer();

 private:
  struct Asker;

  ControlServer(asio::io_context& io, std::filesystem::path path, Handler handler);
  void accept_next();
  void accept_again_later();
  void hear(const std::shared_ptr<Asker>& asker);
  void answer(const std::shared_ptr<Asker>& asker, const std::string& text);
  void forget(const std::shared_ptr<Asker>& asker);

  asio::local::stream_protocol::acceptor acceptor_;
  asio::steady_timer pause_timer_;
  std::filesystem::path path_;
  Handler handler_;
  std::list<std::shared_ptr<Asker>> askers_;
  Lifetime lifetime_;
};

}  // namespace pizwg
