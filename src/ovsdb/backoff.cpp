#include "ovsdb/backoff.hpp"

#include <algorithm>

namespace weft::ovsdb {

std::chrono::milliseconds Backoff::next(std::chrono::milliseconds connected) {
  const bool has_lasted = connected.count() > 0 && connected >= pause_;
  pause_ = has_lasted ? least : std::clamp(2 * pause_, least, most_);
  return pause_;
}

}  // namespace weft::ovsdb
