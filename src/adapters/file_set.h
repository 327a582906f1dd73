#pragma once
// Several files written and removed as one: all of it or nothing. Everything that can fail for want of space
// or permission is done before the first file changes; then each changes by a rename, and a failure undoes
// those before it. A crash between two renames leaves the steps so far, in the order given, and each file old
// or new, never half.

#include <filesystem>
#include <optional>
#include <string>
#include <sys/types.h>
#include <vector>

#include "base/error.h"

namespace pizwg {

class FileSet {
 public:
  // Folders that do not exist are made, with 0755 whatever the umask is.
  void write(std::filesystem::path path, std::string content, mode_t mode, std::optional<gid_t> group = {});
  // A file that does not exist is fine.
  void remove(std::filesystem::path path);

  // Once.
  Result<void> commit();

 private:
  enum class Change { create, replace, remove };
  struct Step {
    std::filesystem::path path;
    std::string content;
    mode_t mode = 0;
    std::optional<gid_t> group;
    Change change = Change::create;
    std::filesystem::path aside;  // the new file before it is renamed, and the old one afterwards
  };

  Result<void> make_folders(const std::filesystem::path& folder);
  Result<void> prepare(Step& step);
  Result<void> apply(const Step& step);
  void undo(Step& step);
  void forget_asides();
  void remove_new_folders();

  std::vector<Step> steps_;
  std::vector<std::filesystem::path> new_folders_;
};

}  // namespace pizwg
