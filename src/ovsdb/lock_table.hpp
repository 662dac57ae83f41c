// The named locks that clients share (RFC 7047 sections 4.1.8 to 4.1.10): each has an owner and a queue behind it.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace weft::ovsdb {

using SessionId = std::uint64_t;

class LockTable {
 public:
  // The session owns the lock or waits for it.
  bool has_asked(std::string_view lock, SessionId session) const;
  bool owns(std::string_view lock, SessionId session) const;
  std::size_t count_of(SessionId session) const;
  // Those that the session owns or waits for.
  std::vector<std::string> asked_by(SessionId session) const;

  // True: the session owns it now. False: it waits. It must not have asked before.
  bool lock(std::string_view lock, SessionId session);
  // The session owns it now. The result is whom it was taken from: that one waits as the first.
  std::optional<SessionId> steal(std::string_view lock, SessionId session);
  // The result is who owns it from now on, if it was owned by `session` and somebody waited. It must have asked before.
  std::optional<SessionId> unlock(std::string_view lock, SessionId session);

  struct Handover {
    std::string lock;
    SessionId new_owner;
  };
  std::vector<Handover> unlock_all(SessionId session);

 private:
  // The first one is the owner. Invariant: no queue is empty.
  std::map<std::string, std::deque<SessionId>, std::less<>> queues_;
};

}  // namespace weft::ovsdb
