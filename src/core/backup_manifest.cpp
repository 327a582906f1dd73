#include "core/backup_manifest.h"

#include <fmt/format.h>

#include "base/text.h"
#include "core/identity_paths.h"

namespace pizwg {
namespace {

constexpr std::string_view not_a_backup =
    "only archives made by pizwg backup, or by the first PiZWG, can be restored";

std::unexpected<Error> refused(std::string_view name, std::string_view why) {
  return fail(fmt::format("archive member {} {}", in_quotes(name), why), std::string(not_a_backup));
}

// Archives made by "tar -cf backup.tar ./etc …" have "./" in front.
std::string_view without_dot(std::string_view name) {
  if (name.starts_with("./")) name.remove_prefix(2);
  return name;
}

Result<std::optional<std::string>> admit_folder(const ArchiveMember& member) {
  if (member.name == "." || member.name == "./") return std::nullopt;
  std::string_view path = without_dot(member.name);
  if (path.ends_with('/')) path.remove_suffix(1);
  if (!is_identity_folder(path)) return refused(member.name, "is a folder that no backup has");
  return std::nullopt;
}

}  // namespace

Result<std::optional<std::string>> BackupManifest::admit(const ArchiveMember& member) {
  if (++members_ > most_members)
    return fail(fmt::format("the archive has more than {} members", most_members));
  switch (member.type) {
    case MemberType::file:
      break;
    case MemberType::folder:
      return admit_folder(member);
    case MemberType::link:
      return refused(member.name, "is a link");
    case MemberType::other:
      return refused(member.name, "is neither a file nor a folder");
  }
  const std::string_view path = without_dot(member.name);
  if (!parse_identity_path(path)) return refused(member.name, "is not part of an identity");
  if (member.size > largest_member)
    return refused(member.name, fmt::format("is larger than {} bytes", largest_member));
  if (!paths_.emplace(path).second) return refused(member.name, "is there twice");
  return std::string(path);
}

}  // namespace pizwg
