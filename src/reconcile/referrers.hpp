// Which rows refer to a row, by one column: the way back from an interface to its port, and from a port to its bridge.
// Kept up to date by what commits change.
#pragma once

#include <functional>
#include <unordered_map>
#include <vector>

#include "base/uuid.hpp"
#include "ovsdb/datum.hpp"

namespace weft::reconcile {

class Referrers {
 public:
  // The column of row `referrer` changed. Calls `changed` for each row that it refers to only before, or only after.
  void note(const Uuid& referrer, const ovsdb::Datum& before, const ovsdb::Datum& after,
            const std::function<void(const Uuid& target)>& changed);
  const std::vector<Uuid>& of(const Uuid& target) const;

 private:
  void add(const Uuid& referrer, const Uuid& target) { referrers_[target].push_back(referrer); }
  void remove(const Uuid& referrer, const Uuid& target);

  std::unordered_map<Uuid, std::vector<Uuid>> referrers_;
};

}  // namespace weft::reconcile
