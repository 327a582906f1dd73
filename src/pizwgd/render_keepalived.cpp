#include "pizwgd/render_keepalived.h"

#include "adapters/network.h"
#include "base/file.h"
#include "core/vrrp.h"
#include "pizwgd/run_folder.h"

namespace pizwg {

Result<void> render_keepalived_to(const std::filesystem::path& file, const Config& config) {
  if (config.role != Role::cluster) {
    return fail("this host is standalone: it takes part in no election", "role = \"cluster\" in pizwg.toml");
  }
  const auto network = read_network();
  if (!network) return std::unexpected(network.error());
  const auto settings = election_settings(config, *network);
  if (!settings) return std::unexpected(settings.error());
  // Readable by pizwgd, which compares; there is no secret in it.
  return write_file(file, render_keepalived(*settings, RunFolder(default_run_folder).election()), 0644);
}

}  // namespace pizwg
