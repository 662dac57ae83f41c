// What became of one attempt to move bytes that does not wait.
#pragma once

#include <cstddef>
#include <string>

namespace weft::stream {

struct Step {
  enum class Kind {
    done,         // `bytes` were moved, at least one; or the connection is ready.
    wants_read,   // Nothing was; try again when the descriptor is readable,
    wants_write,  // or writable.
    ended,        // The peer has ended the connection.
    failed,       // The connection is broken; `error` is the system's number.
  };
  Kind kind;
  std::size_t bytes = 0;
  int error = 0;

  bool is_done() const { return kind == Kind::done; }
  bool must_wait() const { return kind == Kind::wants_read || kind == Kind::wants_write; }
};

// The reason for people why a connection is over, in the words that Open vSwitch's programs use.
std::string describe_end(const Step& step);

}  // namespace weft::stream
