// Requests of guests that are answered a moment later: what is to be heard first takes its time. Includes Boost.Asio:
// for few source files.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <functional>

#include "base/delay_queue.hpp"
#include "kernel/kernel_host.hpp"

namespace weft {

// One more is lost, and the guest asks again.
inline constexpr std::size_t most_held_requests = 4096;

class HeldRequests {
 public:
  // The request's frame is there during the call.
  using Take = std::function<void(const kernel::ServiceRequest& asked)>;
  HeldRequests(boost::asio::io_context& loop, Take take) : take_(std::move(take)), timer_(loop) {}

  void hold(const kernel::ServiceRequest& asked, std::chrono::milliseconds how_long);
  void forget_all();

 private:
  struct Held {
    kernel::ServiceRequest asked = {};
    Bytes frame = {};
  };
  void await_first();
  void take_due();

  Take take_;
  boost::asio::steady_timer timer_;
  DelayQueue<Held> held_{most_held_requests};
};

}  // namespace weft
