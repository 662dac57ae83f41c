#include "vsctl/schema_check.hpp"

#include <fmt/format.h>

namespace weft::vsctl {
namespace {

using ovsdb::AtomType;
using ovsdb::ColumnType;

enum class Shape { scalar, set, map };  // A set may be one of at most one element.

struct Expected {
  std::string_view table;
  std::string_view column;
  AtomType type;
  Shape shape;
};
constexpr Expected expected[] = {
    {"Open_vSwitch", "bridges", AtomType::uuid, Shape::set},
    {"Open_vSwitch", "manager_options", AtomType::uuid, Shape::set},
    {"Open_vSwitch", "ssl", AtomType::uuid, Shape::set},
    {"Bridge", "name", AtomType::string, Shape::scalar},
    {"Bridge", "ports", AtomType::uuid, Shape::set},
    {"Bridge", "controller", AtomType::uuid, Shape::set},
    {"Bridge", "fail_mode", AtomType::string, Shape::set},
    {"Bridge", "external_ids", AtomType::string, Shape::map},
    {"Bridge", "other_config", AtomType::string, Shape::map},
    {"Port", "name", AtomType::string, Shape::scalar},
    {"Port", "interfaces", AtomType::uuid, Shape::set},
    {"Port", "tag", AtomType::integer, Shape::set},
    {"Port", "fake_bridge", AtomType::boolean, Shape::scalar},
    {"Port", "external_ids", AtomType::string, Shape::map},
    {"Interface", "name", AtomType::string, Shape::scalar},
    {"Controller", "target", AtomType::string, Shape::scalar},
    {"Manager", "target", AtomType::string, Shape::scalar},
    {"SSL", "private_key", AtomType::string, Shape::scalar},
    {"SSL", "certificate", AtomType::string, Shape::scalar},
    {"SSL", "ca_cert", AtomType::string, Shape::scalar},
    {"SSL", "bootstrap_ca_cert", AtomType::boolean, Shape::scalar},
};

bool fits(const ColumnType& type, const Expected& wanted) {
  if (type.key.type != wanted.type) return false;
  switch (wanted.shape) {
    case Shape::scalar:
      return type.is_scalar();
    case Shape::map:
      return type.is_map() && type.value->type == wanted.type;
    case Shape::set:
      break;
  }
  return !type.is_map() && !type.is_scalar();
}

}  // namespace

Result<> check_schema(const ovsdb::DatabaseSchema& schema) {
  for (const auto& wanted : expected) {
    const auto table = schema.find(wanted.table);
    const auto column = table ? schema.tables[*table].find(wanted.column) : std::nullopt;
    if (!column || fits(schema.tables[*table].columns[*column].type, wanted)) continue;
    return fail("unsupported schema",
                fmt::format("the server's schema {} {}: column {} of table {} has an unexpected type", schema.name,
                            schema.version, wanted.column, wanted.table));
  }
  return {};
}

}  // namespace weft::vsctl
