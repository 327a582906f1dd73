#pragma once
// What an archive may hold to be taken for a backup: the files of an identity, each at most once, and the
// folders above them; nothing else. Decides member by member, from names, types and sizes; reads no archive.
// Limits: 4 MiB an archive, 256 members, 64 KiB each.

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>

#include "base/error.h"

namespace pizwg {

inline constexpr std::size_t largest_archive = 4 * 1024 * 1024;
inline constexpr std::size_t most_members = 256;
inline constexpr std::size_t largest_member = 64 * 1024;

enum class MemberType { file, folder, link, other };

struct ArchiveMember {
  std::string_view name;
  MemberType type = MemberType::file;
  std::uint64_t size = 0;
};

class BackupManifest {
 public:
  // The path under which to keep the member; nothing for a folder, which needs no keeping.
  Result<std::optional<std::string>> admit(const ArchiveMember& member);

 private:
  std::size_t members_ = 0;
  std::set<std::string, std::less<>> paths_;
};

}  // namespace pizwg
