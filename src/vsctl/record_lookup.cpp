#include "vsctl/record_lookup.hpp"

#include <fmt/format.h>

#include <charconv>

namespace weft::vsctl {
namespace {

// A record of `table` is named by the column `name` of `owner`, which is the same table, or refers to it by
// `reference`.
struct NameRule {
  std::string_view table;
  std::string_view owner;
  std::string_view name;
  std::string_view reference;  // Empty: `owner` is `table`.
};
constexpr NameRule name_rules[] = {
    {"AutoAttach", "Bridge", "name", "auto_attach"},
    {"Bridge", "Bridge", "name", ""},
    {"Controller", "Bridge", "name", "controller"},
    {"Flow_Sample_Collector_Set", "Flow_Sample_Collector_Set", "id", ""},
    {"Flow_Table", "Flow_Table", "name", ""},
    {"IPFIX", "Bridge", "name", "ipfix"},
    {"Interface", "Interface", "name", ""},
    {"Manager", "Manager", "target", ""},
    {"Mirror", "Mirror", "name", ""},
    {"NetFlow", "Bridge", "name", "netflow"},
    {"Port", "Port", "name", ""},
    {"QoS", "Port", "name", "qos"},
    {"sFlow", "Bridge", "name", "sflow"},
};
Result<std::optional<Uuid>> only_one(const RowIds& rows, std::string_view table, std::string_view id) {
  if (rows.size() > 1) return fail("ambiguous record", fmt::format("multiple rows in {} match \"{}\"", table, id));
  return rows.empty() ? std::nullopt : std::optional(rows.front());
}

// The text as a value of the name column, if it can be one.
std::optional<ovsdb::Atom> name_value(const View& view, const NameRule& rule, std::string_view id) {
  const auto table = view.table(rule.owner);
  const auto column = table ? (*table)->find(rule.name) : std::nullopt;
  if (!column) return std::nullopt;
  if ((*table)->columns[*column].type.key.type == ovsdb::AtomType::string) return std::string(id);
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(id.data(), id.data() + id.size(), number);
  if (error != std::errc() || end != id.data() + id.size()) return std::nullopt;
  return number;
}

Result<std::optional<Uuid>> find_by_rule(View& view, const NameRule& rule, std::string_view id,
                                         const std::vector<std::string_view>& columns) {
  auto value = name_value(view, rule, id);
  if (!value) return std::nullopt;
  const bool is_direct = rule.reference.empty();
  const auto owners = TRY(view.select({.table = rule.owner,
                                       .where = equals(rule.name, *std::move(value)),
                                       .columns = is_direct ? columns : std::vector{rule.reference},
                                       .guard = is_direct ? Guard::rows : Guard::columns}));
  if (is_direct) return only_one(owners, rule.table, id);
  RowIds referred;
  for (const auto& owner : owners) {
    const auto references = TRY(view.read(rule.owner, owner, rule.reference));
    if (const auto* row = references.single<Uuid>()) referred.push_back(*row);
  }
  return only_one(referred, rule.table, id);
}

Result<std::optional<Uuid>> find_by_uuid(View& view, std::string_view table, const Uuid& uuid,
                                         const std::vector<std::string_view>& columns) {
  const auto rows = TRY(view.select({.table = table, .where = equals("_uuid", uuid), .columns = columns}));
  return rows.empty() ? std::nullopt : std::optional(rows.front());
}

Result<std::optional<Uuid>> find_by_uuid_prefix(View& view, std::string_view table, std::string_view id) {
  RowIds fitting;
  for (const auto& row : TRY(view.select({.table = table}))) {
    if (!view.is_inserted(table, row) && row.to_string().starts_with(id)) fitting.push_back(row);
  }
  if (fitting.size() > 1) {
    return fail("ambiguous record",
                fmt::format("{} contains 2 or more rows whose UUIDs begin with {}: at least {} and {}", table, id,
                            fitting[0].to_string(), fitting[1].to_string()));
  }
  return fitting.empty() ? std::nullopt : std::optional(fitting.front());
}

// These have one record at most, ever.
constexpr std::string_view single_record_tables[] = {"Open_vSwitch", "SSL"};

}  // namespace

std::string other_names(std::string_view table) {
  if (std::ranges::find(single_record_tables, table) != std::end(single_record_tables)) return "\".\"";
  const auto* rule = std::ranges::find(name_rules, table, &NameRule::table);
  if (rule == std::end(name_rules)) return "";
  if (rule->reference.empty()) return std::string(rule->name);
  return fmt::format("{} of the {} whose {} it is", rule->name, rule->owner, rule->reference);
}

Result<std::optional<Uuid>> find_record(View& view, std::string_view table, std::string_view id,
                                        const std::vector<std::string_view>& columns) {
  if (const auto uuid = Uuid::parse(id)) {
    if (const auto found = TRY(find_by_uuid(view, table, *uuid, columns))) return found;
  }
  if (id == ".") {
    const auto rows = TRY(view.select({.table = table, .columns = columns}));
    return rows.size() == 1 ? std::optional(rows.front()) : std::nullopt;
  }
  const auto* rule = std::ranges::find(name_rules, table, &NameRule::table);
  if (rule != std::end(name_rules)) {
    if (const auto found = TRY(find_by_rule(view, *rule, id, columns))) return found;
  }
  if (is_uuid_prefix(id, least_uuid_digits)) return find_by_uuid_prefix(view, table, id);
  return std::nullopt;
}

Result<Uuid> require_record(View& view, std::string_view table, std::string_view id,
                            const std::vector<std::string_view>& columns) {
  if (const auto found = TRY(find_record(view, table, id, columns))) return *found;
  return fail("no such record", fmt::format("no row \"{}\" in table {}", id, table));
}

}  // namespace weft::vsctl
