#pragma once
// The group as which pizwgd runs, and which may read the server's key: so that the daemon needs to be neither
// root nor the key's owner. Who is in that group is packaging/sysusers/pizwg.conf's affair.

#include <filesystem>
#include <optional>
#include <sys/types.h>

namespace pizwg {

// By the etc/group under `root`: a card that is being prepared has numbers of its own. Nothing where there is
// no such group, and for who is not root and cannot give a file to it.
std::optional<gid_t> service_group(const std::filesystem::path& root);

}  // namespace pizwg
