#include "lab/lab_folder.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>

#include "base/directories.hpp"

namespace weft::lab {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t name_bytes_max = 40;

bool is_lab_name(std::string_view name) {
  return !name.empty() && name.size() <= name_bytes_max && !name.starts_with('-') &&
         std::ranges::all_of(name, [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-'; });
}

Result<> make_private(const std::string& path) {
  std::error_code error;
  fs::create_directories(path, error);
  if (!error) fs::permissions(path, fs::perms::owner_all, error);
  if (error) return fail("system", fmt::format("cannot make {}: {}", path, error.message()));
  return {};
}

}  // namespace

std::string labs_root() {
  const auto* given = std::getenv("WEFT_LAB_DIR");
  return given != nullptr && *given != '\0' ? absolute_path(given) : "/var/lib/weft/labs";
}

std::vector<std::string> lab_names() {
  std::vector<std::string> names;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(labs_root(), error)) {
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
  if (error) return fail("system", fmt::format("cannot remove {}: {}", path_, error.message()));
  return {};
}

// Beside the folder: whoever takes the folder away holds it until that is done.
Result<PidFile> LabFolder::lock() const {
  TRY(make_private(labs_root()));
  const auto path = path_ + ".pid";
  auto file = PidFile::create(path);
  if (file || file.error().tag != "in use") return file;
  const auto pid = find_pid_file_holder(path);
  return fail("in use", fmt::format("another command is at work on lab {}{}: wait for its end", lab_,
                                    pid ? fmt::format(", process {}", *pid) : ""));
}

}  // namespace weft::lab
