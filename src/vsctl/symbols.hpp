// The row ids of one command line: "@name", given by --id to a row that is created or got, used where a UUID may
// stand, before or after it is given (ovs-vsctl(8) "get", "create").
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "base/error.hpp"
#include "base/uuid.hpp"

namespace weft::vsctl {

class Symbols {
 public:
  // The row that `name` ("@x") stands for; a name not given yet promises a row that is to be created.
  enum class Strength { weak, strong };  // As the column's references are (RFC 7047 section 3.2).
  Uuid refer(std::string_view name, Strength strength = Strength::strong);
  // Gives `name` to a row about to be created, and tells which UUID was promised.
  Result<Uuid> create(std::string_view name);
  // Gives `name` to a row that exists. Nobody may have used it before.
  Result<> bind(std::string_view name, const Uuid& row);
  // How strong the strongest reference to it is; nothing: there is none.
  std::optional<Strength> referenced(std::string_view name) const;
  // An error if a name was used and never given.
  Result<> check_complete() const;

 private:
  struct Symbol {
    Uuid row;
    bool given = false;
    std::optional<Strength> referenced = {};
  };
  Result<Symbol*> give(std::string_view name);
  std::map<std::string, Symbol, std::less<>> symbols_;
};

}  // namespace weft::vsctl
