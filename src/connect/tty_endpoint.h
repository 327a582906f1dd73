#pragma once
// A pseudo tty for applications that want a serial port. It is there from start to end, whatever happens to
// the application or the uplink; only hang_up() puts another in its place, as a real port's would be after a
// replug.

#include <filesystem>
#include <memory>
#include <optional>

#include <asio/io_context.hpp>
#include <asio/posix/stream_descriptor.hpp>

#include "adapters/pseudo_tty.h"
#include "base/lifetime.h"
#include "base/unique_fd.h"
#include "connect/endpoint.h"
#include "core/connect_config.h"

namespace pizwg {

class TtyEndpoint : public Endpoint {
 public:
  // Errors: something else is at the path, another pizwg-connect serves it, unknown owner or group, no
  // permission.
  static Result<std::unique_ptr<Endpoint>> open(asio::io_context& io, const TtySettings& settings,
                                                Handlers handlers);
  ~TtyEndpoint() override;

  bool has_application() const override { return open_; }
  IoOutcome read(Buffer buffer) override;
  IoOutcome write(Bytes bytes) override;
  void when_readable(Handler handler) override;
  void when_writable(Handler handler) override;
  void hang_up() override;
  void discard_input() override;

 private:
  TtyEndpoint(asio::io_context& io, std::string path, TtyOwner owner, TtyLink link, UniqueFd claim,
              Handlers handlers);
  Result<void> make();
  void release();
  void watch();
  void look();
  void wait_for_words();

  std::filesystem::path path_;
  TtyOwner owner_;
  TtyLink link_;
  UniqueFd claim_;
  Handlers handlers_;
  std::optional<PseudoTty> tty_;
  asio::posix::stream_descriptor master_;  // the PseudoTty's: released, not closed
  asio::posix::stream_descriptor openers_;
  bool open_ = false;
  Lifetime lifetime_;
  Lifetime words_;
};

}  // namespace pizwg
