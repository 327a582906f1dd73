#pragma once
// A listening TCP port for applications that take tcp:// instead of a serial port, or rfc2217://. One of them
// at a time: the next is turned away while the first is there.

#include <memory>
#include <optional>
#include <vector>

#include <asio/io_context.hpp>
#include <asio/ip/tcp.hpp>
#include <asio/steady_timer.hpp>

#include "base/error.h"
#include "base/lifetime.h"
#include "connect/endpoint.h"
#include "core/host_address.h"
#include "core/rfc2217.h"

namespace pizwg {

class TcpEndpoint : public Endpoint {
 public:
  // Errors: the port is in use or not allowed, or the address is not this machine's. Warns of an address that
  // others than this machine reach. Port 0 is any that is free; name() has it.
  static Result<std::unique_ptr<Endpoint>> open(asio::io_context& io, const HostAddress& where,
                                                Handlers handlers);
  // The same for rfc2217://; `baud` is the gateway's.
  static Result<std::unique_ptr<Endpoint>> open_rfc2217(asio::io_context& io, const HostAddress& where,
                                                        unsigned baud, Handlers handlers);

  bool has_application() const override { return socket_.is_open(); }
  IoOutcome read(Buffer buffer) override;
  IoOutcome write(Bytes bytes) override;
  void when_readable(Handler handler) override;
  void when_writable(Handler handler) override;
  void hang_up() override;
  void turn_away() override;
  void discard_input() override;

 private:
  TcpEndpoint(asio::io_context& io, std::string protocol, std::optional<unsigned> telnet_baud,
              Handlers handlers);
  Result<void> listen(const HostAddress& where);
  void accept_next();
  void accept_again_later();
  void welcome(asio::ip::tcp::socket socket);
  IoOutcome read_raw(Buffer buffer);
  IoOutcome write_raw(Bytes bytes);
  IoOutcome read_telnet(Buffer buffer);
  bool flush();

  asio::ip::tcp::acceptor acceptor_;
  asio::ip::tcp::socket socket_;
  asio::steady_timer pause_timer_;
  std::optional<unsigned> telnet_baud_;  // empty: plain bytes
  Handlers handlers_;
  std::optional<Rfc2217> telnet_;
  std::vector<std::uint8_t> outgoing_;  // telnet's: answers, and data that is escaped already
  Lifetime lifetime_;
};

}  // namespace pizwg
