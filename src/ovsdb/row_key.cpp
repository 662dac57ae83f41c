#include "ovsdb/row_key.hpp"

#include <algorithm>

namespace weft::ovsdb {
namespace {

void combine(std::size_t& seed, std::size_t hash) { seed ^= hash + 0x9e3779b97f4a7c15ULL + (seed << 6) + (seed >> 2); }

void combine(std::size_t& seed, const Datum& datum) {
  for (const auto& atom : datum.keys()) combine(seed, std::hash<Atom>()(atom));
  for (const auto& atom : datum.values()) combine(seed, std::hash<Atom>()(atom));
}

}  // namespace

std::size_t RowKeyHash::operator()(std::span<const Datum> key) const {
  std::size_t seed = 0;
  for (const auto& datum : key) combine(seed, datum);
  return seed;
}

std::size_t RowKeyHash::operator()(const Row& row) const {
  std::size_t seed = 0;
  for (const auto column : columns) combine(seed, row.columns[column]);
  return seed;
}

bool RowKeyEqual::operator()(const Row& a, const Row& b) const {
  return std::ranges::all_of(columns, [&](std::size_t column) { return a.columns[column] == b.columns[column]; });
}

bool RowKeyEqual::operator()(std::span<const Datum> key, const RowPtr& row) const {
  for (std::size_t i = 0; i < columns.size(); ++i) {
    if (key[i] != row->columns[columns[i]]) return false;
  }
  return true;
}

}  // namespace weft::ovsdb
