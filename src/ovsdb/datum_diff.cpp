#include "ovsdb/datum_diff.hpp"

namespace weft::ovsdb {
namespace {

class Builder {
 public:
  void take(const Datum& from, std::size_t position) {
    keys_.push_back(from.keys()[position]);
    if (!from.values().empty()) values_.push_back(from.values()[position]);
  }
  Datum finish() && { return Datum::from_sorted(std::move(keys_), std::move(values_)); }

 private:
  std::vector<Atom> keys_, values_;
};

// Elements of one of the two, and of `b` where both have the key with different values. Being its own inverse, it
// serves both to tell a difference and to apply one.
Datum symmetric_difference(const Datum& a, const Datum& b) {
  Builder result;
  const auto ends = common_ends(a, b);
  const auto a_end = a.size() - ends.last, b_end = b.size() - ends.last;
  auto i = ends.first, j = ends.first;
  while (i < a_end || j < b_end) {
    if (j == b_end || (i < a_end && a.keys()[i] < b.keys()[j])) {
      result.take(a, i++);
    } else if (i == a_end || b.keys()[j] < a.keys()[i]) {
      result.take(b, j++);
    } else {
      const bool same_value = a.values().empty() || b.values().empty() || a.values()[i] == b.values()[j];
      if (!same_value) result.take(b, j);
      ++i, ++j;
    }
  }
  return std::move(result).finish();
}

// Such a column holds at most one value: telling the new one is shorter than telling what came and what left.
bool is_replaced_whole(const ColumnType& type) { return type.max == 1; }

}  // namespace

Datum difference(const ColumnType& type, const Datum& before, const Datum& after) {
  return is_replaced_whole(type) ? after : symmetric_difference(before, after);
}

Result<Datum> apply_difference(const ColumnType& type, const Datum& before, const Datum& diff) {
  auto result = is_replaced_whole(type) ? diff : symmetric_difference(before, diff);
  TRY(type.check(result));
  return result;
}

ColumnType difference_type(const ColumnType& type) {
  auto result = type;
  if (is_replaced_whole(type)) return result;
  result.min = 0;
  result.max = unlimited;
  return result;
}

}  // namespace weft::ovsdb
