#include <csignal>
#include <iostream>

#include <asio/io_context.hpp>

#include "pizwgd/check.h"
#include "pizwgd/options.h"
#include "pizwgd/power_off.h"
#include "pizwgd/render_keepalived.h"
#include "pizwgd/service.h"
#include "pizwgd/settings.h"
#include "pizwgd/supervisor.h"

namespace {

int report(const pizwg::Error& error) {
  std::cerr << pizwg::describe("pizwgd", error);
  return 1;
}

pizwg::Result<void> serve(const pizwg::Options& options, const pizwg::Config& config) {
  asio::io_context io(1);
  if (config.role == pizwg::Role::standalone) return pizwg::Service(io, config, options.root).run();
  return pizwg::Supervisor(io, config, options.root, pizwg::RunFolder(pizwg::default_run_folder)).run();
}

int status_of(const pizwg::Result<void>& outcome) {
  return outcome ? 0 : report(outcome.error());
}

// keepalived's unit asks (ExecCondition=) whether to start it: 1 is "not on this host", which is no failure;
// 255 is "not now", which is, and is tried again.
int render_keepalived(const pizwg::Options& options, const pizwg::Config& config) {
  const auto rendered = pizwg::render_keepalived_to(options.render_to, config);
  if (rendered) return 0;
  report(rendered.error());
  return config.role == pizwg::Role::standalone ? 1 : 255;
}

int perform(const pizwg::Options& options, const pizwg::Config& config) {
  using Task = pizwg::Options::Task;
  switch (options.task) {
    case Task::check:
      return pizwg::check(config, options.root);
    case Task::power_off:
      return status_of(pizwg::power_off(config));
    case Task::render_keepalived:
      return render_keepalived(options, config);
    case Task::serve:
      return status_of(serve(options, config));
  }
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  const auto options = pizwg::parse_options(argc, argv);
  if (!options) return options.error();
  const auto config = pizwg::read_settings(*options);
  if (!config) return report(config.error());
  std::signal(SIGPIPE, SIG_IGN);  // a peer that is gone is an error value, not a signal
  return perform(*options, *config);
}
