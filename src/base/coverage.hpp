// How often things happen in this program: named counters for coverage/show (ovs-appctl(8)). For one thread.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace weft {

// One a name, at namespace scope: it is never forgotten.
class EventCounter {
 public:
  explicit EventCounter(const char* name);
  EventCounter(const EventCounter&) = delete;
  EventCounter& operator=(const EventCounter&) = delete;

  void count(std::uint64_t events = 1) { total_ += events; }

 private:
  friend class Coverage;
  const char* name_;
  std::uint64_t total_ = 0;
  std::uint64_t sampled_ = 0;                       // total_ when it was last looked at.
  std::array<std::uint64_t, 12> last_minute_ = {};  // Each of five seconds; a ring.
  std::array<std::uint64_t, 60> last_hour_ = {};    // Each of a minute; a ring.
};

class Coverage {
 public:
  // How often sample() is to be called, for the rates to be right.
  static constexpr std::chrono::seconds interval{5};
  static void sample();

  // The table of coverage/show: counters that were hit, with their rates and totals.
  static std::string describe();
  static std::optional<std::uint64_t> total_of(std::string_view name);
};

}  // namespace weft
