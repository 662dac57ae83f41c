// A pid file whose lock says that the process lives: a file left behind by kill -9 is in nobody's way.
#pragma once

#include <sys/types.h>

#include <optional>
#include <string>

#include "base/error.hpp"
#include "base/unique_fd.hpp"

namespace weft {

class PidFile {
 public:
  // Under its name only once our number is in it. The lock is of the kind that Open vSwitch's programs look for: it
  // is this process's alone, no child has it, and it is lost if this process opens and closes the file again.
  // Error "in use" names the process that holds it, unless that one's is to be overwritten.
  static Result<PidFile> create(const std::string& path, bool overwrite = false);
  PidFile(PidFile&& other) noexcept = default;
  PidFile& operator=(PidFile&&) = delete;
  ~PidFile();  // Removes the file, if it is still ours.

 private:
  PidFile(std::string path, UniqueFd file) : path_(std::move(path)), file_(std::move(file)) {}
  std::string path_;
  UniqueFd file_;
};

// The process that holds `path`. Errors: the reason in errno's words, "No such process" if it is held by nobody; the
// first is also logged.
Result<pid_t> read_pid_file(const std::string& path);

// The process that holds `path`, or has just begun to and not yet given the file its name. None: nobody.
std::optional<pid_t> find_pid_file_holder(const std::string& path);

}  // namespace weft
