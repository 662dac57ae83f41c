#include "ovsdb/lock_table.hpp"

#include "base/check.hpp"

namespace weft::ovsdb {

bool LockTable::has_asked(std::string_view lock, SessionId session) const {
  const auto queue = queues_.find(lock);
  return queue != queues_.end() && std::ranges::find(queue->second, session) != queue->second.end();
}

bool LockTable::owns(std::string_view lock, SessionId session) const {
  const auto queue = queues_.find(lock);
  return queue != queues_.end() && queue->second.front() == session;
}

std::size_t LockTable::count_of(SessionId session) const {
  return static_cast<std::size_t>(
      std::ranges::count_if(queues_, [&](const auto& entry) { return has_asked(entry.first, session); }));
}

std::vector<std::string> LockTable::asked_by(SessionId session) const {
  std::vector<std::string> locks;
  for (const auto& [lock, queue] : queues_)
    if (std::ranges::find(queue, session) != queue.end()) locks.push_back(lock);
  return locks;
}

bool LockTable::lock(std::string_view lock, SessionId session) {
  CHECK(!has_asked(lock, session));
  auto& queue = queues_[std::string(lock)];
  queue.push_back(session);
  return queue.size() == 1;
}

std::optional<SessionId> LockTable::steal(std::string_view lock, SessionId session) {
  CHECK(!has_asked(lock, session));
  auto& queue = queues_[std::string(lock)];
  queue.push_front(session);
  return queue.size() > 1 ? std::optional(queue[1]) : std::nullopt;
}

std::optional<SessionId> LockTable::unlock(std::string_view lock, SessionId session) {
  CHECK(has_asked(lock, session));
  const auto entry = queues_.find(lock);
  auto& queue = entry->second;
  const bool was_owner = queue.front() == session;
  std::erase(queue, session);
  if (queue.empty()) {
    queues_.erase(entry);
    return std::nullopt;
  }
  return was_owner ? std::optional(queue.front()) : std::nullopt;
}

std::vector<LockTable::Handover> LockTable::unlock_all(SessionId session) {
  std::vector<std::string> asked;
  for (const auto& [lock, queue] : queues_)
    if (std::ranges::find(queue, session) != queue.end()) asked.push_back(lock);
  std::vector<Handover> handovers;
  for (const auto& lock : asked)
    if (const auto new_owner = unlock(lock, session)) handovers.push_back({lock, *new_owner});
  return handovers;
}

}  // namespace weft::ovsdb
