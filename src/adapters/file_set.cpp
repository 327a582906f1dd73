#include "adapters/file_set.h"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <fcntl.h>
#include <ranges>
#include <set>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

#include "base/file.h"

namespace pizwg {
namespace {

namespace fs = std::filesystem;

constexpr unsigned onto_the_staged_file = 0;  // no flags: what is there goes

bool is_there(const fs::path& path) {
  struct stat info {};
  return ::lstat(path.c_str(), &info) == 0;
}

Result<void> rename_as(const fs::path& from, const fs::path& to, unsigned flags, const fs::path& shown) {
  if (::renameat2(AT_FDCWD, from.c_str(), AT_FDCWD, to.c_str(), flags) == 0) return {};
  return fail_file("replace", shown, errno);
}

}  // namespace

void FileSet::write(fs::path path, std::string content, mode_t mode, std::optional<gid_t> group) {
  const Change change = is_there(path) ? Change::replace : Change::create;
  steps_.push_back({std::move(path), std::move(content), mode, group, change, {}});
}

void FileSet::remove(fs::path path) {
  if (is_there(path)) steps_.push_back({std::move(path), {}, 0600, {}, Change::remove, {}});
}

Result<void> FileSet::commit() {
  Result<void> result;
  std::size_t applied = 0;
  for (Step& step : steps_) {
    if (result = prepare(step); !result) break;
  }
  while (result && applied < steps_.size()) {
    if (result = apply(steps_[applied]); result) ++applied;
  }
  if (!result) {
    while (applied > 0) undo(steps_[--applied]);
  }
  forget_asides();
  if (!result) remove_new_folders();
  std::set<fs::path> folders;
  for (const Step& step : steps_) folders.insert(folder_of(step.path));
  std::ranges::for_each(folders, sync_folder);
  return result;
}

Result<void> FileSet::make_folders(const fs::path& folder) {
  if (folder.empty() || is_there(folder)) return {};
  if (auto made = make_folders(folder.parent_path()); !made) return made;
  if (::mkdir(folder.c_str(), 0755) != 0) return fail_file("create", folder, errno);
  new_folders_.push_back(folder);
  if (::chmod(folder.c_str(), 0755) != 0) return fail_file("set the mode of", folder, errno);
  return {};
}

// To remove a file, an empty one is staged: the two change places, so that removing can be undone like
// replacing.
Result<void> FileSet::prepare(Step& step) {
  struct stat info {};
  if (::lstat(step.path.c_str(), &info) == 0 && S_ISDIR(info.st_mode)) {
    return fail_file("replace", step.path, EISDIR);
  }
  if (auto made = make_folders(step.path.parent_path()); !made) return made;
  auto staged = stage_file(step.path, step.content, step.mode, step.group);
  if (!staged) return std::unexpected(std::move(staged.error()));
  step.aside = std::move(*staged);
  return {};
}

Result<void> FileSet::apply(const Step& step) {
  switch (step.change) {
    case Change::create:
      return rename_as(step.aside, step.path, RENAME_NOREPLACE, step.path);
    case Change::replace:
      return rename_as(step.aside, step.path, RENAME_EXCHANGE, step.path);
    case Change::remove:
      return rename_as(step.path, step.aside, onto_the_staged_file, step.path);
  }
  return {};
}

// When even renaming back fails, what was set aside is all there is of the old file: it stays.
void FileSet::undo(Step& step) {
  if (step.change == Change::create) {
    ::unlink(step.path.c_str());
    return;
  }
  const unsigned flags = step.change == Change::replace ? RENAME_EXCHANGE : RENAME_NOREPLACE;
  if (!rename_as(step.aside, step.path, flags, step.path)) step.aside.clear();
}

void FileSet::forget_asides() {
  for (const Step& step : steps_) {
    if (!step.aside.empty()) ::unlink(step.aside.c_str());
  }
}

void FileSet::remove_new_folders() {
  for (const fs::path& folder : new_folders_ | std::views::reverse) ::rmdir(folder.c_str());
}

}  // namespace pizwg
