#include "base/coverage.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>
#include <utility>
#include <vector>

namespace weft {
namespace {

struct Registry {
  std::vector<EventCounter*> counters;
  std::size_t samples = 0;
};

Registry& registry() {
  static auto& made = *new Registry;  // Never destroyed, like the counters.
  return made;
}

template <std::size_t size>
double rate(const std::array<std::uint64_t, size>& ring, std::chrono::seconds each) {
  const auto sum = std::accumulate(ring.begin(), ring.end(), std::uint64_t{0});
  return static_cast<double>(sum) / static_cast<double>(size * static_cast<std::size_t>(each.count()));
}

// Tells whether two tables are of the same events, however often they were hit.
std::uint32_t hash_of_hits(const std::vector<std::pair<std::string_view, bool>>& hits) {
  std::uint32_t hash = 2166136261;  // FNV-1a
  const auto mix = [&hash](unsigned char byte) { hash = (hash ^ byte) * 16777619; };
  for (const auto& [name, is_hit] : hits) {
    for (const char character : name) mix(static_cast<unsigned char>(character));
    mix(is_hit ? 1 : 0);
  }
  return hash;
}

}  // namespace

EventCounter::EventCounter(const char* name) : name_(name) {
  auto& counters = registry().counters;
  const auto by_name = [](const EventCounter* one, const EventCounter* other) {
    return std::string_view(one->name_) < other->name_;
  };
  counters.insert(std::ranges::upper_bound(counters, this, by_name), this);
}

void Coverage::sample() {
  const auto number = registry().samples++;
  for (auto* counter : registry().counters) {
    auto& minute = counter->last_minute_;
    auto& hour = counter->last_hour_;
    const auto in_minute = number % minute.size();
    minute[in_minute] = counter->total_ - std::exchange(counter->sampled_, counter->total_);
    if (in_minute + 1 < minute.size()) continue;
    hour[number / minute.size() % hour.size()] = std::accumulate(minute.begin(), minute.end(), std::uint64_t{0});
  }
}

std::string Coverage::describe() {
  std::string lines;
  std::size_t never_hit = 0;
  std::vector<std::pair<std::string_view, bool>> hits;
  for (const auto* counter : registry().counters) {
    hits.emplace_back(counter->name_, counter->total_ > 0);
    if (counter->total_ == 0) {
      ++never_hit;
      continue;
    }
    const auto samples = registry().samples;
    const auto& minute = counter->last_minute_;
    const auto latest = samples == 0 ? 0 : minute[(samples - 1) % minute.size()];
    lines += fmt::format("{:<24} {:5.1f}/sec {:9.3f}/sec {:13.4f}/sec   total: {}\n", counter->name_,
                         rate<1>({latest}, interval), rate(minute, interval),
                         rate(counter->last_hour_, std::chrono::minutes(1)), counter->total_);
  }
  return fmt::format(
      "Event coverage, avg rate over last: 5 seconds, last minute, last hour,  hash={:08x}:\n{}{} events "
      "never hit\n",
      hash_of_hits(hits), lines, never_hit);
}

std::optional<std::uint64_t> Coverage::total_of(std::string_view name) {
  for (const auto* counter : registry().counters) {
    if (counter->name_ == name) return counter->total_;
  }
  return std::nullopt;
}

}  // namespace weft
