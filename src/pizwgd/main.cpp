#include <csignal>
#include <iostream>

#include <asio/io_context.hpp>

#include "pizwgd/check.h"
#include "pizwgd/options.h"
#include "pizwgd/service.h"
#include "pizwgd/settings.h"

namespace {

int report(const pizwg::Error& error) {
  std::cerr << pizwg::describe("pizwgd", error);
  return 1;
}

}  // namespace

int main(int argc, char** argv) {
  const auto options = pizwg::parse_options(argc, argv);
  if (!options) return options.error();
  const auto config = pizwg::read_settings(*options);
  if (!config) return report(config.error());
  if (options->check) return pizwg::check(*config, options->root);

  std::signal(SIGPIPE, SIG_IGN);  // a peer that is gone is an error value, not a signal
  asio::io_context io(1);
  const auto served = pizwg::Service(io, *config, options->root).run();
  return served ? 0 : report(served.error());
}
