// dev_client: a pty behind a link, bridged to a server over mutual TLS. A bench tool that stands in for
// pizwg-connect until that exists, not a product: it connects once, does not come back, and ends with the
// connection. With --first-byte it needs no pty: it connects, has one byte echoed, says how long that took,
// and leaves.

#include <array>
#include <csignal>
#include <cstdio>
#include <fmt/format.h>
#include <poll.h>
#include <sys/prctl.h>

#include <CLI/CLI.hpp>

#include "pty.h"
#include "samples.h"
#include "tls_connection.h"

namespace pizwg::bench {
namespace {

struct Options {
  std::string endpoint;
  Credentials credentials;
  std::string link;
  int first_bytes = 0;
  int deadline_seconds = 5;
};

// What was read on one side and not yet written on the other: while there is something, nothing more is read.
struct Pending {
  std::array<std::uint8_t, 4096> bytes;
  std::size_t begin = 0;
  std::size_t end = 0;

  bool empty() const { return begin == end; }
  std::span<const std::uint8_t> rest() const { return {bytes.data() + begin, end - begin}; }
};

// Reads once if there is nothing pending, and writes what there is. True when a byte moved.
template <typename Read, typename Write>
Result<bool> move(Pending& pending, Read read, Write write) {
  const bool was_empty = pending.empty();
  if (was_empty) {
    const Result<std::size_t> count = read(pending.bytes);
    if (!count) return std::unexpected(count.error());
    pending.begin = 0;
    pending.end = *count;
  }
  if (pending.empty()) return false;
  const Result<std::size_t> count = write(pending.rest());
  if (!count) return std::unexpected(count.error());
  pending.begin += *count;
  return was_empty || *count > 0;
}

Result<void> bridge(TlsConnection& tls, int line) {
  Pending up;
  Pending down;
  while (true) {
    const auto read_line = [&](std::span<std::uint8_t> bytes) { return read_some(line, bytes); };
    const auto write_line = [&](std::span<const std::uint8_t> bytes) { return write_some(line, bytes); };
    const auto read_tls = [&](std::span<std::uint8_t> bytes) { return tls.read(bytes); };
    const auto write_tls = [&](std::span<const std::uint8_t> bytes) { return tls.write(bytes); };
    const Result<bool> moved_down = move(down, read_tls, write_line);
    if (!moved_down) return std::unexpected(moved_down.error());
    const Result<bool> moved_up = move(up, read_line, write_tls);
    if (!moved_up) return std::unexpected(moved_up.error());
    if (*moved_down || *moved_up) continue;  // TLS may hold more of a record than poll can see
    pollfd fds[] = {{tls.fd(), 0, 0}, {line, 0, 0}};
    fds[0].events = static_cast<short>((down.empty() ? POLLIN : 0) | (up.empty() ? 0 : POLLOUT));
    fds[1].events = static_cast<short>((up.empty() ? POLLIN : 0) | (down.empty() ? 0 : POLLOUT));
    ::poll(fds, 2, -1);
  }
}

Result<void> wait_readable(const TlsConnection& tls, std::int64_t deadline) {
  pollfd fd{tls.fd(), POLLIN, 0};
  const std::int64_t left = (deadline - now_ns()) / millisecond;
  if (left > 0 && ::poll(&fd, 1, static_cast<int>(left)) > 0) return {};
  return fail("the byte did not come back in time");
}

Result<std::int64_t> first_byte(SSL_CTX* context, const sockaddr_in& to, std::int64_t patience) {
  const std::int64_t start = now_ns();
  Result<TlsConnection> tls = TlsConnection::open(context, to, start + patience);
  if (!tls) return std::unexpected(tls.error());
  const std::uint8_t sent = 0x55;
  if (const Result<std::size_t> wrote = tls->write({&sent, 1}); !wrote) return std::unexpected(wrote.error());
  std::uint8_t came = 0;
  for (std::size_t count = 0; count == 0;) {
    const Result<std::size_t> read = tls->read({&came, 1});
    if (!read) return std::unexpected(read.error());
    count = *read;
    if (count > 0) break;
    const Result<void> ready = wait_readable(*tls, start + patience);
    if (!ready) return std::unexpected(ready.error());
  }
  if (came != sent) return fail(fmt::format("another byte came back: \"{:02x}\"", came));
  const std::int64_t took = now_ns() - start;
  tls->close(now_ns() + 2 * second);
  return took;
}

Result<void> measure_first_bytes(SSL_CTX* context, const sockaddr_in& to, const Options& options) {
  Samples samples;
  for (int i = 0; i < options.first_bytes; ++i) {
    const Result<std::int64_t> took = first_byte(context, to, options.deadline_seconds * second);
    if (!took) return std::unexpected(took.error());
    samples.add(*took);
    ::poll(nullptr, 0, 100);  // a server closes its device after the client left; that is not measured here
  }
  fmt::print("{}\n", samples.json());
  return {};
}

Result<void> run(const Options& options) {
  const Result<sockaddr_in> to = parse_endpoint(options.endpoint);
  if (!to) return std::unexpected(to.error());
  const Result<TlsContext> context = make_context(options.credentials);
  if (!context) return std::unexpected(context.error());
  if (options.first_bytes > 0) return measure_first_bytes(context->get(), *to, options);
  Result<TlsConnection> tls =
      TlsConnection::open(context->get(), *to, now_ns() + options.deadline_seconds * second);
  if (!tls) return std::unexpected(tls.error());
  const Result<PtyLink> line = PtyLink::make(options.link);
  if (!line) return std::unexpected(line.error());
  return bridge(*tls, line->master());
}

}  // namespace
}  // namespace pizwg::bench

int main(int argc, char** argv) {
  pizwg::bench::Options options;
  CLI::App app{"A pty bridged to a server over mutual TLS, for the bench"};
  app.add_option("--connect", options.endpoint, "ADDRESS:PORT of the server")->required();
  app.add_option("--cafile", options.credentials.cafile, "the server's certificate")->required();
  app.add_option("--cert", options.credentials.pem, "the client's key and certificate")->required();
  auto* link = app.add_option("--link", options.link, "where to put the link to the pty");
  auto* first = app.add_option("--first-byte", options.first_bytes, "measure so many connections instead");
  app.add_option("--deadline", options.deadline_seconds, "seconds for a connection");
  link->excludes(first);
  try {
    app.parse(argc, argv);
    if (options.link.empty() && options.first_bytes == 0) throw CLI::RequiredError("--link or --first-byte");
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : 2;
  }
  std::signal(SIGPIPE, SIG_IGN);  // a server that left is an error of the write
  ::prctl(PR_SET_TIMERSLACK, 1000);
  const pizwg::Result<void> done = pizwg::bench::run(options);
  if (done) return 0;
  fmt::print(stderr, "{}", pizwg::describe("dev_client", done.error()));
  return 1;
}
