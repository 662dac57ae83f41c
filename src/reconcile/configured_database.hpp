// For tests: a database in memory that says what is written down as plain values.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "reconcile/configuration.hpp"

namespace weft::reconcile {

struct PortRow {
  Uuid uuid = {};
  PortConfig config = {};
  std::vector<InterfaceConfig> interfaces = {};
};
struct BridgeRow {
  BridgeConfig config = {};
  std::vector<PortRow> ports = {};
  std::map<std::string, std::string> services = {};  // Further keys of other_config.
};
// A row of the same UUID may appear several times; it is as where it appears first.
using Rows = std::vector<BridgeRow>;

class ConfiguredDatabase {
 public:
  explicit ConfiguredDatabase(const Rows& rows = {});
  // Whatever was there goes.
  void configure(const Rows& rows);
  void write_ofport(const Uuid& interface, std::int64_t ofport);

  ovsdb::Database& database() { return *database_; }
  const Columns& columns() const { return columns_; }

 private:
  std::unique_ptr<ovsdb::Database> database_;
  Columns columns_;
};

}  // namespace weft::reconcile
