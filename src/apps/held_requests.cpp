#include "apps/held_requests.hpp"

namespace weft {

void HeldRequests::hold(const kernel::ServiceRequest& asked, std::chrono::milliseconds how_long) {
  if (held_.size() >= most_held_requests) return;
  const auto until = Clock::now() + how_long;
  const bool is_first = held_.empty() || until < held_.begin()->first;
  held_.emplace(until, Held{.asked = asked, .frame = Bytes(asked.frame.begin(), asked.frame.end())});
  if (is_first) await_first();
}

void HeldRequests::forget_all() {
  held_.clear();
  timer_.cancel();
}

void HeldRequests::await_first() {
  timer_.expires_at(held_.begin()->first);
  timer_.async_wait([this](boost::system::error_code error) {
    if (!error) take_due();
  });
}

void HeldRequests::take_due() {
  // What is held anew meanwhile is not due yet.
  const auto end = held_.upper_bound(Clock::now());
  std::vector<Held> due;
  for (auto held = held_.begin(); held != end; ++held) due.push_back(std::move(held->second));
  held_.erase(held_.begin(), end);
  for (auto& [asked, frame] : due) {
    asked.frame = frame;
    take_(asked);
  }
  if (!held_.empty()) await_first();
}

}  // namespace weft
