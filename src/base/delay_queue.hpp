// Things that wait until their times have come, so many at most.
#pragma once

#include <chrono>
#include <map>
#include <optional>
#include <vector>

namespace weft {

template <class T>
class DelayQueue {
 public:
  using Time = std::chrono::steady_clock::time_point;

  explicit DelayQueue(std::size_t most) : most_(most) {}

  // False: there is no room.
  bool put(Time until, T thing) {
    if (waiting_.size() >= most_) return false;
    waiting_.emplace(until, std::move(thing));
    return true;
  }
  // None: nothing waits.
  std::optional<Time> first_time() const {
    return waiting_.empty() ? std::nullopt : std::optional(waiting_.begin()->first);
  }
  // In the order of their times, and as they were put where these are the same.
  std::vector<T> take_due(Time now) {
    std::vector<T> due;
    const auto end = waiting_.upper_bound(now);
    for (auto one = waiting_.begin(); one != end; ++one) due.push_back(std::move(one->second));
    waiting_.erase(waiting_.begin(), end);
    return due;
  }
  void clear() { waiting_.clear(); }

 private:
  std::size_t most_;
  std::multimap<Time, T> waiting_ = {};
};

}  // namespace weft
