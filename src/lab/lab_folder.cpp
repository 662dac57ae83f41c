#include "lab/lab_folder.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>

#include "base/directories.hpp"

namespace weft::lab {
namespace {

namespace fs = std::filesystem;

constexpr const char* default_root = "/var/lib/weft/labs";
constexpr std::size_t name_bytes_max = 40;

bool is_lab_name(std::string_view name) {
  return !name.empty() && name.size() <= name_bytes_max && !name.starts_with('-') &&
         std::ranges::all_of(name, [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-'; });
}

std::unexpected<Error> fail_to(std::string_view what, const std::string& path, const std::error_code& error) {
  const bool is_forbidden = error == std::errc::permission_denied || error == std::errc::operation_not_permitted;
  return fail("system",
              fmt::format("cannot {} {}: {}{}", what, path, error.message(), is_forbidden ? ": run weft as root" : ""));
}

Result<> make_private(const std::string& path) {
  std::error_code error;
  fs::create_directories(path, error);
  if (!error) fs::permissions(path, fs::perms::owner_all, error);
  if (error) return fail_to("make", path, error);
  return {};
}

Result<PidFile> create_in_root(const std::string& path, int attempts = 2) {
  TRY(make_private(labs_root()));
  auto file = PidFile::create(path);
  // The last lab may have gone just now, and its command have taken the root along.
  if (file || attempts == 1 || fs::exists(labs_root())) return file;
  return create_in_root(path, attempts - 1);
}

}  // namespace

std::string labs_root() {
  const auto* given = std::getenv("WEFT_LAB_DIR");
  return given != nullptr && *given != '\0' ? absolute_path(given) : default_root;
}

LabLock::Root::~Root() {
  if (!is_held || labs_root() != default_root) return;
  std::error_code not_empty;
  if (fs::path root(default_root); fs::remove(root, not_empty)) fs::remove(root.parent_path(), not_empty);
}

Result<std::vector<std::string>> lab_names() {
  std::vector<std::string> names;
  std::error_code error;
  const fs::directory_iterator entries(labs_root(), error);
  if (error && error != std::errc::no_such_file_or_directory) return fail_to("read", labs_root(), error);
  for (const auto& entry : entries) {
    if (entry.is_directory(error) && is_lab_name(entry.path().filename().string()))
      names.push_back(entry.path().filename());
  }
  std::ranges::sort(names);
  return names;
}

Result<LabFolder> LabFolder::of(const std::string& lab) {
  if (!is_lab_name(lab)) {
    return fail("usage", fmt::format("\"{}\" is no lab's name: lower case letters, digits and hyphens, at most {}", lab,
                                     name_bytes_max));
  }
  return LabFolder(lab, labs_root() + "/" + lab);
}

bool LabFolder::exists() const {
  std::error_code error;
  return fs::is_directory(path_, error);
}

Result<> LabFolder::make() const { return make_private(path_); }

Result<> LabFolder::remove() const {
  std::error_code error;
  fs::remove_all(path_, error);
  if (error) return fail_to("remove", path_, error);
  return {};
}

// Beside the folder: whoever takes the folder away holds it until that is done.
Result<LabLock> LabFolder::lock() const {
  const auto path = path_ + ".pid";
  auto file = create_in_root(path);
  if (file) return LabLock(std::move(*file));
  if (file.error().tag != "in use") return std::unexpected(file.error());
  const auto pid = find_pid_file_holder(path);
  return fail("in use", fmt::format("another command is at work on lab {}{}: wait for its end", lab_,
                                    pid ? fmt::format(", process {}", *pid) : ""));
}

}  // namespace weft::lab
