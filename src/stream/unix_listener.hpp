// A unix socket that listens, at a path that other programs know.
#pragma once

#include <sys/stat.h>

#include <string>

#include "base/error.hpp"
#include "base/unique_fd.hpp"

namespace weft::stream {

// Owns the socket and its file: both go with the object, the file only if it is still ours.
class UnixListener {
 public:
  // Makes the directory where there is none, and replaces the file of a server that is gone. The socket is for its
  // owner only (0600), non-blocking. Errors: "address in use" (names who listens there), "invalid address",
  // "I/O error".
  static Result<UnixListener> open(const std::string& path);
  UnixListener(UnixListener&& other) noexcept = default;
  UnixListener& operator=(UnixListener&&) = delete;
  ~UnixListener();

  int fd() const { return fd_.get(); }
  const std::string& path() const { return path_; }

 private:
  UnixListener(std::string path, UniqueFd fd, const struct stat& status)
      : path_(std::move(path)), fd_(std::move(fd)), device_(status.st_dev), inode_(status.st_ino) {}

  std::string path_;
  UniqueFd fd_;
  dev_t device_;
  ino_t inode_;
};

}  // namespace weft::stream
