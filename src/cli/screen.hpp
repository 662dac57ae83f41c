// The whole terminal for a while: what stands there is drawn over, not scrolled, and what stood there before comes
// back.
#pragma once

#include <termios.h>

#include <chrono>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "base/unique_fd.hpp"

namespace weft::cli {

class Screen {
 public:
  // Standard input and output are terminals.
  static bool is_possible();
  static Result<Screen> open();
  Screen(Screen&& other) noexcept;
  Screen& operator=(Screen&&) = delete;
  ~Screen();

  std::size_t height() const;
  // As many lines as fit, each as far as it fits.
  void draw(const std::vector<std::string>& lines);

  enum class Event { time_is_up, quit, resized };
  // quit: q, Escape, ^C, ^D, or a signal that ends programs.
  Event wait(std::chrono::steady_clock::time_point until);

 private:
  Screen(UniqueFd signals, const termios& before);
  UniqueFd signals_;
  termios before_{};
};

}  // namespace weft::cli
