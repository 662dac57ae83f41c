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

void Elements::insert(const Datum& elements) {
  for (std::size_t i = 0; i < elements.size(); ++i) {
    const auto [element, is_new] = values_.try_emplace(elements.keys()[i]);
    if (is_new && !elements.values().empty()) element->second = elements.values()[i];
  }
}

void Elements::insert_keys(const Datum& elements) {
  for (const auto& key : elements.keys()) values_.try_emplace(key);
}

void Elements::erase(const Datum& keys) {
  for (const auto& key : keys.keys()) values_.erase(key);
}

Datum Elements::datum() const {
  std::vector<Atom> keys, values;
  for (const auto& [key, value] : values_) {
    keys.push_back(key);
    if (value) values.push_back(*value);
  }
  return Datum::from_sorted(std::move(keys), std::move(values));
}

void ColumnChange::assign(const Datum& value) {
  *this = {};
  is_assignment_ = true;
  inserted_.insert(value);
}

void ColumnChange::remove_keys(const Datum& keys) {
  inserted_.erase(keys);
  if (!is_assignment_) removed_.insert_keys(keys);
}

void ColumnChange::insert(const Datum& elements) { inserted_.insert(elements); }

Datum ColumnChange::apply(const Datum& base) const {
  if (is_assignment_) return inserted();
  return with_elements(without_keys(base, removed()), inserted());
}

std::optional<bool> ColumnChange::decides(const Atom& element) const {
  if (inserted_.contains(element)) return true;
  if (is_assignment_ || removed_.contains(element)) return false;
  return std::nullopt;
}

}  // namespace weft::vsctl
