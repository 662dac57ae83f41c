#include "vsctl/symbols.hpp"

#include <fmt/format.h>

namespace weft::vsctl {

Uuid Symbols::refer(std::string_view name, Strength strength) {
  auto [found, is_new] = symbols_.try_emplace(std::string(name));
  if (is_new) found->second.row = Uuid::random();
  auto& referenced = found->second.referenced;
  if (!referenced || strength == Strength::strong) referenced = strength;
  return found->second.row;
}

Result<Symbols::Symbol*> Symbols::give(std::string_view name) {
  if (!name.starts_with('@')) return fail("usage", fmt::format("row id \"{}\" does not begin with \"@\"", name));
  auto& symbol = symbols_.try_emplace(std::string(name)).first->second;
  if (symbol.given) return fail("usage", fmt::format("row id \"{}\" may only be specified on one --id option", name));
  symbol.given = true;
  return &symbol;
}

Result<Uuid> Symbols::create(std::string_view name) {
  auto* symbol = TRY(give(name));
  if (symbol->row.is_zero()) symbol->row = Uuid::random();
  return symbol->row;
}

Result<> Symbols::bind(std::string_view name, const Uuid& row) {
  auto* symbol = TRY(give(name));
  if (symbol->referenced) {
    return fail("usage",
                fmt::format("row id \"{}\" specified on \"get\" command was used before it was defined", name));
  }
  symbol->row = row;
  return {};
}

std::optional<Symbols::Strength> Symbols::referenced(std::string_view name) const {
  const auto found = symbols_.find(name);
  return found == symbols_.end() ? std::nullopt : found->second.referenced;
}

Result<> Symbols::check_complete() const {
  for (const auto& [name, symbol] : symbols_) {
    if (symbol.given) continue;
    return fail("usage", fmt::format("row id \"{0}\" is referenced but never created (e.g. with \"-- --id={0} create "
                                     "...\")",
                                     name));
  }
  return {};
}

}  // namespace weft::vsctl
