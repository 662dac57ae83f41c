#include "ovsdb/unique_index.hpp"

#include <algorithm>

namespace weft::ovsdb {
namespace {

void combine(std::size_t& seed, std::size_t hash) { seed ^= hash + 0x9e3779b97f4a7c15ULL + (seed << 6) + (seed >> 2); }

void combine(std::size_t& seed, const Datum& datum) {
  for (const auto& atom : datum.keys()) combine(seed, std::hash<Atom>()(atom));
  for (const auto& atom : datum.values()) combine(seed, std::hash<Atom>()(atom));
}

}  // namespace

std::size_t UniqueIndex::Hash::operator()(std::span<const Datum> key) const {
  std::size_t seed = 0;
  for (const auto& datum : key) combine(seed, datum);
  return seed;
}

std::size_t UniqueIndex::Hash::operator()(const Row& row) const {
  std::size_t seed = 0;
  for (const auto column : columns) combine(seed, row.columns[column]);
  return seed;
}

bool UniqueIndex::Equal::operator()(const Row& a, const Row& b) const {
  return std::ranges::all_of(columns, [&](std::size_t column) { return a.columns[column] == b.columns[column]; });
}

bool UniqueIndex::Equal::operator()(std::span<const Datum> key, const Row& row) const {
  for (std::size_t i = 0; i < columns.size(); ++i) {
    if (key[i] != row.columns[columns[i]]) return false;
  }
  return true;
}

RowPtr UniqueIndex::find(std::span<const Datum> key) const {
  const auto found = rows_.find(key);
  return found == rows_.end() ? nullptr : *found;
}

RowPtr UniqueIndex::find_equal(const Row& row) const {
  const auto found = rows_.find(row);
  return found == rows_.end() ? nullptr : *found;
}

void UniqueIndex::erase(const Row& row) {
  const auto found = rows_.find(row);
  if (found != rows_.end() && (*found)->uuid() == row.uuid()) rows_.erase(found);
}

}  // namespace weft::ovsdb
