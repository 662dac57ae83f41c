#include "base/log_limit.hpp"

#include <fmt/format.h>

#include <cstdint>

namespace weft {
namespace {

long long seconds_between(LogLimit::Time from, LogLimit::Time to) {
  return std::chrono::duration_cast<std::chrono::seconds>(to - from).count();
}

}  // namespace

LogLimit::Admission LogLimit::ask(Time now) {
  const std::int64_t earned = (now - filled_) / interval_;
  if (earned >= most_ - tokens_) {
    tokens_ = most_;
    filled_ = now;
  } else if (earned > 0) {
    tokens_ += static_cast<unsigned>(earned);
    filled_ += earned * interval_;
  }
  if (tokens_ == 0) {
    if (dropped_++ == 0) first_dropped_ = now;
    last_dropped_ = now;
    return {false, {}};
  }
  --tokens_;
  if (dropped_ == 0) return {true, {}};
  auto report =
      fmt::format("Dropped {} log messages in last {} seconds (most recently, {} seconds ago) due to excessive rate",
                  dropped_, seconds_between(first_dropped_, now), seconds_between(last_dropped_, now));
  dropped_ = 0;
  return {true, std::move(report)};
}

}  // namespace weft
