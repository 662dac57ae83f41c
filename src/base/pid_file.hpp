// A pid file whose lock says that the process lives: a file left behind by kill -9 is in nobody's way.
#pragma once

#include <string>

#include "base/error.hpp"
#include "base/unique_fd.hpp"

namespace weft {

class PidFile {
 public:
  // Creates the file, or takes over one whose process is gone; locks it and writes our number in it.
  // Error "in use" names the process that holds it.
  static Result<PidFile> create(const std::string& path);
  PidFile(PidFile&& other) noexcept = default;
  PidFile& operator=(PidFile&&) = delete;
  ~PidFile();  // Removes the file.

 private:
  PidFile(std::string path, UniqueFd file) : path_(std::move(path)), file_(std::move(file)) {}
  std::string path_;
  UniqueFd file_;
};

}  // namespace weft
