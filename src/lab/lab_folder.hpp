// Where a lab keeps what it must remember: WEFT_LAB_DIR/NAME, else /var/lib/weft/labs/NAME. Root's alone. The latter's
// folders go with the last lab.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "base/error.hpp"
#include "base/pid_file.hpp"

namespace weft::lab {

std::string labs_root();
// Those that have a folder, in the order of their names.
Result<std::vector<std::string>> lab_names();

// Held by the one command that changes a lab.
class LabLock {
 public:
  explicit LabLock(PidFile file) : file_(std::move(file)) {}

 private:
  struct Root {
    Root() = default;
    Root(Root&& other) noexcept : is_held(std::exchange(other.is_held, false)) {}
    Root& operator=(Root&&) = delete;
    ~Root();  // Where no lab is left in it, it goes.
    bool is_held = true;
  };
  Root root_;
  PidFile file_;  // Goes first.
};

class LabFolder {
 public:
  // Error: not a lab's name.
  static Result<LabFolder> of(const std::string& lab);

  const std::string& lab() const { return lab_; }
  const std::string& path() const { return path_; }
  bool exists() const;
  Result<> make() const;
  Result<> remove() const;
  // Error "in use" names the process that has it.
  Result<LabLock> lock() const;

 private:
  LabFolder(std::string lab, std::string path) : lab_(std::move(lab)), path_(std::move(path)) {}
  std::string lab_, path_;
};

}  // namespace weft::lab
