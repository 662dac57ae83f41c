// How often a line may be logged that others cause: a token bucket, and a report of what was left out.
#pragma once

#include <chrono>
#include <string>

namespace weft {

class LogLimit {
 public:
  using Time = std::chrono::steady_clock::time_point;

  constexpr LogLimit(unsigned per_minute, unsigned at_once)
      : interval_(std::chrono::nanoseconds(std::chrono::minutes(1)) / per_minute), most_(at_once), tokens_(at_once) {}

  struct Admission {
    bool is_admitted;
    std::string report;  // What was left out since the last admission; empty: nothing.
  };
  Admission ask(Time now);

 private:
  std::chrono::nanoseconds interval_;  // Each brings a token.
  unsigned most_;
  unsigned tokens_;
  Time filled_{};  // When tokens_ was right.
  unsigned dropped_ = 0;
  Time first_dropped_{}, last_dropped_{};
};

}  // namespace weft
