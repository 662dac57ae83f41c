#include "ovsdb/datum.hpp"

#include <algorithm>
#include <memory>
#include <numeric>

#include "base/check.hpp"

namespace weft::ovsdb {
namespace {

// References are the many: they are compared without the detour through the variant.
bool same_atom(const Atom& a, const Atom& b) {
  const auto* uuid = std::get_if<Uuid>(&a);
  const auto* other = std::get_if<Uuid>(&b);
  return uuid && other ? *uuid == *other : a == b;
}

bool same_atoms(std::span<const Atom> a, std::span<const Atom> b) { return std::ranges::equal(a, b, same_atom); }

bool same_element(const Datum& a, std::size_t i, const Datum& b, std::size_t j) {
  if (!same_atom(a.keys()[i], b.keys()[j])) return false;
  return a.values().empty() || b.values().empty() || same_atom(a.values()[i], b.values()[j]);
}

std::strong_ordering compare_atoms(const Atom& a, const Atom& b) {
  if (a < b) return std::strong_ordering::less;
  return b < a ? std::strong_ordering::greater : std::strong_ordering::equal;
}

std::strong_ordering compare_atoms(std::span<const Atom> a, std::span<const Atom> b) {
  return std::lexicographical_compare_three_way(a.begin(), a.end(), b.begin(), b.end(),
                                                [](const Atom& x, const Atom& y) { return compare_atoms(x, y); });
}

bool strictly_ascending(const std::vector<Atom>& atoms) {
  return std::ranges::adjacent_find(atoms, [](const Atom& a, const Atom& b) { return !(a < b); }) == atoms.end();
}

}  // namespace

Datum::Body* Datum::Body::allocate(std::size_t size, bool is_map) {
  const auto atoms = is_map ? 2 * size : size;
  return new (::operator new(sizeof(Body) + atoms * sizeof(Atom))) Body{.size = size, .is_map = is_map};
}

void Datum::Body::destroy() const {
  std::destroy_n(atoms(), is_map ? 2 * size : size);
  ::operator delete(const_cast<Body*>(this));
}

Datum Datum::scalar(Atom atom) {
  auto* body = Body::allocate(1, false);
  std::construct_at(body->atoms(), std::move(atom));
  Datum result;
  result.body_ = body;
  return result;
}

Datum Datum::set(std::vector<Atom> atoms) {
  if (!strictly_ascending(atoms)) {
    std::ranges::sort(atoms);
    const auto repeated = std::ranges::unique(atoms);
    atoms.erase(repeated.begin(), repeated.end());
  }
  return from_sorted(std::move(atoms));
}

Datum Datum::map(std::vector<std::pair<Atom, Atom>> pairs) {
  std::vector<std::size_t> order(pairs.size());
  std::iota(order.begin(), order.end(), 0);
  std::ranges::sort(order, [&](std::size_t i, std::size_t j) {
    const auto by_key = compare_atoms(pairs[i].first, pairs[j].first);
    return by_key != 0 ? by_key < 0 : i < j;
  });
  std::vector<Atom> keys, values;
  keys.reserve(pairs.size());
  values.reserve(pairs.size());
  for (const auto i : order) {
    if (!keys.empty() && keys.back() == pairs[i].first) continue;
    keys.push_back(std::move(pairs[i].first));
    values.push_back(std::move(pairs[i].second));
  }
  return from_sorted(std::move(keys), std::move(values));
}

Datum Datum::from_sorted(std::vector<Atom> keys, std::vector<Atom> values) {
  CHECK(values.empty() || values.size() == keys.size());
  Datum result;
  if (keys.empty()) return result;
  auto* body = Body::allocate(keys.size(), !values.empty());
  std::uninitialized_move(values.begin(), values.end(),
                          std::uninitialized_move(keys.begin(), keys.end(), body->atoms()));
  result.body_ = body;
  return result;
}

std::optional<std::size_t> Datum::find(const Atom& key) const {
  const auto all = keys();
  const auto found = std::ranges::lower_bound(all, key);
  if (found == all.end() || *found != key) return std::nullopt;
  return static_cast<std::size_t>(found - all.begin());
}

const Atom* Datum::value_of(const Atom& key) const {
  const auto position = find(key);
  return position && !values().empty() ? &values()[*position] : nullptr;
}

const std::string* Datum::string_at(std::string_view key) const {
  const auto* value = value_of(std::string(key));
  return value ? std::get_if<std::string>(value) : nullptr;
}

Datum::CommonEnds common_ends(const Datum& a, const Datum& b) {
  const auto most = std::min(a.size(), b.size());
  Datum::CommonEnds ends{0, 0};
  while (ends.first < most && same_element(a, ends.first, b, ends.first)) ++ends.first;
  while (ends.first + ends.last < most && same_element(a, a.size() - 1 - ends.last, b, b.size() - 1 - ends.last)) {
    ++ends.last;
  }
  return ends;
}

bool operator==(const Datum& a, const Datum& b) {
  if (a.body_ == b.body_) return true;
  return same_atoms(a.keys(), b.keys()) && same_atoms(a.values(), b.values());
}

std::strong_ordering compare(const Datum& a, const Datum& b) {
  if (a.body_ == b.body_) return std::strong_ordering::equal;
  const auto by_keys = compare_atoms(a.keys(), b.keys());
  return by_keys != 0 ? by_keys : compare_atoms(a.values(), b.values());
}

}  // namespace weft::ovsdb
