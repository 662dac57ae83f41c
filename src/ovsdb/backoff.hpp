// How long to wait before the next attempt to connect: a second, then twice as long each time, up to a maximum.
#pragma once

#include <chrono>

namespace weft::ovsdb {

class Backoff {
 public:
  static constexpr std::chrono::milliseconds least{1'000};

  explicit Backoff(std::chrono::milliseconds most) { set_most(most); }
  void set_most(std::chrono::milliseconds most) { most_ = std::max(most, least); }

  // After an attempt has failed, or a connection of that duration has ended: one that has lasted begins anew.
  std::chrono::milliseconds next(std::chrono::milliseconds connected = {});
  // Attempts have failed for so long that more words about them would only fill the log.
  bool is_at_most() const { return pause_ >= most_; }

 private:
  std::chrono::milliseconds most_{};
  std::chrono::milliseconds pause_{0};  // The last one; 0: none yet.
};

}  // namespace weft::ovsdb
