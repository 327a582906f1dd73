#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <iostream>

#include <asio/io_context.hpp>

#include "adapters/client_identity.h"
#include "connect/connector.h"
#include "connect/options.h"
#include "connect/status.h"

namespace {

int report(const pizwg::Error& error) {
  std::cerr << pizwg::describe("pizwg-connect", error);
  return 1;
}

std::filesystem::path control_socket(const pizwg::ConnectOptions& options) {
  if (!options.control.empty()) return options.control;
  const char* folder = std::getenv("RUNTIME_DIRECTORY");  // of systemd's unit
  return folder != nullptr ? std::filesystem::path(folder) / "control" : std::filesystem::path();
}

int serve(const pizwg::ConnectOptions& options) {
  const auto config = pizwg::connect_config(options);
  if (!config) return report(config.error());
  auto identity = pizwg::load_client_identity(pizwg::identity_files(*config));
  if (!identity) return report(identity.error());
  asio::io_context io(1);
  pizwg::Connector connector(io, *config, *std::move(identity), control_socket(options));
  const auto outcome = connector.run();
  return outcome ? 0 : report(outcome.error());
}

}  // namespace

int main(int argc, char** argv) {
  const auto options = pizwg::parse_connect_options(argc, argv);
  if (!options) return options.error();
  std::signal(SIGPIPE, SIG_IGN);  // a peer that is gone is an error value, not a signal
  // Names are resolved by a thread of the C library's, which cannot be told to stop: so it has little time.
  ::setenv("RES_OPTIONS", "timeout:2 attempts:2", 0);
  return options->task == pizwg::ConnectOptions::Task::status ? pizwg::print_status(*options)
                                                              : serve(*options);
}
