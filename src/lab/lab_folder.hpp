// Where a lab keeps what it must remember: WEFT_LAB_DIR/NAME, else /var/lib/weft/labs/NAME. Root's alone.
#pragma once

#include <string>
#include <vector>

#include "base/error.hpp"
#include "base/pid_file.hpp"

namespace weft::lab {

std::string labs_root();
// Those that have a folder, in the order of their names.
std::vector<std::string> lab_names();

class LabFolder {
 public:
  // Error: not a lab's name.
  static Result<LabFolder> of(const std::string& lab);

  const std::string& lab() const { return lab_; }
  const std::string& path() const { return path_; }
  bool exists() const;
  Result<> make() const;
  Result<> remove() const;
  // Held by the one command that changes the lab. Error "in use" names the process that has it.
  Result<PidFile> lock() const;

 private:
  LabFolder(std::string lab, std::string path) : lab_(std::move(lab)), path_(std::move(path)) {}
  std::string lab_, path_;
};

}  // namespace weft::lab
