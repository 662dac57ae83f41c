#include "apps/held_requests.hpp"

namespace weft {

void HeldRequests::hold(const kernel::ServiceRequest& asked, std::chrono::milliseconds how_long) {
  const auto before = held_.first_time();
  held_.put(std::chrono::steady_clock::now() + how_long,
            {.asked = asked, .frame = Bytes(asked.frame.begin(), asked.frame.end())});
  if (held_.first_time() != before) await_first();
}

void HeldRequests::forget_all() {
  held_.clear();
  timer_.cancel();
}

void HeldRequests::await_first() {
  timer_.expires_at(*held_.first_time());
  timer_.async_wait([this](boost::system::error_code error) {
    if (!error) take_due();
  });
}

void HeldRequests::take_due() {
  for (auto& [asked, frame] : held_.take_due(std::chrono::steady_clock::now())) {
    asked.frame = frame;
    take_(asked);
  }
  if (held_.first_time()) await_first();
}

}  // namespace weft
