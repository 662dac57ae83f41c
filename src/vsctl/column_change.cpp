#include "vsctl/column_change.hpp"

namespace weft::vsctl {

using ovsdb::Atom;
using ovsdb::Datum;

Datum with_elements(const Datum& base, const Datum& more) {
  if (base.empty()) return more;
  if (more.values().empty() && base.values().empty()) {
    std::vector<Atom> atoms(base.keys().begin(), base.keys().end());
    atoms.insert(atoms.end(), more.keys().begin(), more.keys().end());
    return Datum::set(std::move(atoms));
  }
  std::vector<std::pair<Atom, Atom>> pairs;
  for (const auto* datum : {&base, &more}) {
    for (std::size_t i = 0; i < datum->size(); ++i) pairs.emplace_back(datum->keys()[i], datum->values()[i]);
  }
  return Datum::map(std::move(pairs));  // Of equal keys the first stays.
}

Datum without_keys(const Datum& base, const Datum& keys) {
  std::vector<Atom> kept_keys;
  std::vector<Atom> kept_values;
  for (std::size_t i = 0; i < base.size(); ++i) {
    if (keys.contains(base.keys()[i])) continue;
    kept_keys.push_back(base.keys()[i]);
    if (!base.values().empty()) kept_values.push_back(base.values()[i]);
  }
  return Datum::from_sorted(std::move(kept_keys), std::move(kept_values));
}

void ColumnChange::assign(Datum value) {
  *this = {};
  assigned_ = std::move(value);
}

void ColumnChange::remove_keys(const Datum& keys) {
  if (assigned_) {
    assigned_ = without_keys(*assigned_, keys);
    return;
  }
  inserted_ = without_keys(inserted_, keys);
  removed_ = with_elements(removed_, Datum::set({keys.keys().begin(), keys.keys().end()}));
}

void ColumnChange::insert(const Datum& elements) {
  auto& target = assigned_ ? *assigned_ : inserted_;
  target = with_elements(target, elements);
}

Datum ColumnChange::apply(const Datum& base) const {
  if (assigned_) return *assigned_;
  return with_elements(without_keys(base, removed_), inserted_);
}

std::optional<bool> ColumnChange::decides(const Atom& element) const {
  if (assigned_) return assigned_->contains(element);
  if (inserted_.contains(element)) return true;
  if (removed_.contains(element)) return false;
  return std::nullopt;
}

}  // namespace weft::vsctl
