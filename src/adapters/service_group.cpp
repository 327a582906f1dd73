#include "adapters/service_group.h"

#include <cstdio>
#include <grp.h>
#include <memory>
#include <string_view>
#include <unistd.h>

namespace pizwg {
namespace {

constexpr std::string_view group_name = "pizwg";

struct Close {
  void operator()(std::FILE* file) const { std::fclose(file); }
};

}  // namespace

std::optional<gid_t> service_group(const std::filesystem::path& root) {
  if (::geteuid() != 0) return std::nullopt;
  const std::unique_ptr<std::FILE, Close> file(std::fopen((root / "etc/group").c_str(), "re"));
  if (!file) return std::nullopt;
  while (const group* entry = ::fgetgrent(file.get())) {
    if (entry->gr_name == group_name) return entry->gr_gid;
  }
  return std::nullopt;
}

}  // namespace pizwg
