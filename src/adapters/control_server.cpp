#include "adapters/control_server.h"

#include <cerrno>
#include <chrono>
#include <fmt/format.h>
#include <sys/stat.h>
#include <utility>

#include <asio/buffer.hpp>
#include <asio/read_until.hpp>
#include <asio/write.hpp>

#include "base/text.h"

namespace pizwg {
namespace {

// An operator and a script or two.
constexpr std::size_t most_askers = 8;
constexpr std::size_t longest_line = 256;
// A handover with a slow gateway takes about 15 s.
constexpr std::chrono::seconds longest_conversation{60};
constexpr std::chrono::seconds accept_pause{1};

}  // namespace

struct ControlServer::Asker {
  explicit Asker(asio::local::stream_protocol::socket connection)
      : socket(std::move(connection)), limit(socket.get_executor()) {}

  asio::local::stream_protocol::socket socket;
  asio::steady_timer limit;
  std::string line;
  std::string text;
};

Result<std::unique_ptr<ControlServer>> ControlServer::open(asio::io_context& io, std::filesystem::path path,
                                                           Handler handler) {
  std::unique_ptr<ControlServer> server(new ControlServer(io, std::move(path), std::move(handler)));
  std::error_code ignored;
  std::filesystem::remove(server->path_, ignored);
  asio::error_code error;
  auto& acceptor = server->acceptor_;
  acceptor.open(asio::local::stream_protocol(), error);
  const mode_t mask = ::umask(0177);  // born 0600
  if (!error) acceptor.bind(server->path_.string(), error);
  ::umask(mask);
  if (!error) acceptor.listen(most_askers, error);
  if (error) {
    return fail(fmt::format("cannot listen on {}: {}", in_quotes(server->path_.string()), error.message()));
  }
  server->accept_next();
  return server;
}

ControlServer::ControlServer(asio::io_context& io, std::filesystem::path path, Handler handler)
    : acceptor_(io), pause_timer_(io), path_(std::move(path)), handler_(std::move(handler)) {}

ControlServer::~ControlServer() {
  std::error_code ignored;
  std::filesystem::remove(path_, ignored);
}

void ControlServer::accept_next() {
  if (askers_.size() >= most_askers) return;  // the next waits in the backlog until one has gone
  acceptor_.async_accept(
      lifetime_.bound([this](const asio::error_code& error, asio::local::stream_protocol::socket connection) {
        if (error == asio::error::operation_aborted) return;
        if (error) return accept_again_later();
        hear(askers_.emplace_back(std::make_shared<Asker>(std::move(connection))));
        accept_next();
      }));
}

// Out of descriptors, most likely: that passes.
void ControlServer::accept_again_later() {
  pause_timer_.expires_after(accept_pause);
  pause_timer_.async_wait(lifetime_.bound([this](const asio::error_code& error) {
    if (!error) accept_next();
  }));
}

void ControlServer::hear(const std::shared_ptr<Asker>& asker) {
  asker->limit.expires_after(longest_conversation);
  asker->limit.async_wait(lifetime_.bound([this, asker](const asio::error_code& error) {
    if (!error) forget(asker);
  }));
  asio::async_read_until(
      asker->socket, asio::dynamic_buffer(asker->line, longest_line), '\n',
      lifetime_.bound([this, asker](const asio::error_code& error, std::size_t length) {
        if (error) return forget(asker);
        const std::string line = asker->line.substr(0, length - 1);
        handler_(line, lifetime_.bound([this, asker](const std::string& text) { answer(asker, text); }));
      }));
}

void ControlServer::answer(const std::shared_ptr<Asker>& asker, const std::string& text) {
  if (!asker->text.empty()) return;
  asker->text = text;
  asio::async_write(asker->socket, asio::buffer(asker->text),
                    lifetime_.bound([this, asker](const asio::error_code&, std::size_t) { forget(asker); }));
}

void ControlServer::forget(const std::shared_ptr<Asker>& asker) {
  const bool was_full = askers_.size() >= most_askers;
  asker->limit.cancel();
  asio::error_code ignored;
  asker->socket.close(ignored);
  if (std::erase(askers_, asker) > 0 && was_full) accept_next();
}

}  // namespace pizwg
