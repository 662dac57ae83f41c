#include "ovsdb/execution.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "ovsdb/error_json.hpp"
#include "ovsdb/error_tags.hpp"
#include "ovsdb/operations.hpp"

namespace weft::ovsdb {
namespace {

Result<Outcome> commit(Execution& execution, MemberReader& members) {
  const bool durable = TRY(members.required_bool("durable"));
  TRY(members.finish());
  execution.durable = execution.durable || durable;
  return json::object();
}

Result<Outcome> abort(Execution&, MemberReader& members) {
  TRY(members.finish());
  return fail(aborted, "aborted by request");
}

Result<Outcome> comment(Execution& execution, MemberReader& members) {
  const auto text = TRY(members.required_string("comment"));
  TRY(members.finish());
  execution.transaction.add_comment(std::string(text));
  return json::object();
}

Result<Outcome> assert_lock(Execution& execution, MemberReader& members) {
  const auto lock = TRY(members.required_identifier("lock"));
  TRY(members.finish());
  const auto& owns = execution.context.owns_lock;
  if (!owns || !owns(lock)) return fail(not_owner, fmt::format("Asserted lock {} not held.", lock));
  return json::object();
}

struct OperationEntry {
  std::string_view name;
  bool changes_rows;
  Operation* run;
};
constexpr OperationEntry operations[] = {
    {"insert", true, insert_row},   {"select", false, select_rows}, {"update", true, update_rows},
    {"mutate", true, mutate_rows},  {"delete", true, delete_rows},  {"wait", false, wait_for_rows},
    {"commit", false, commit},      {"abort", false, abort},        {"comment", false, comment},
    {"assert", false, assert_lock},
};

constexpr char reserved_prefix = '_';  // Of databases that tell about the server itself: clients only read them.

// `place`: its number, and of how many, from 1.
Result<Outcome> run(Execution& execution, const json::value& value, std::string_view place) {
  auto members = TRY(MemberReader::open(value, place));
  const auto name = TRY(members.required_identifier("op"));
  const auto* operation = std::ranges::find(operations, name, &OperationEntry::name);
  if (operation == std::ranges::end(operations)) return members.refuse(fmt::format("No operation \"{}\"", name));
  if (operation->changes_rows && execution.schema().name.starts_with(reserved_prefix))
    return fail(not_allowed, fmt::format("{} operation not allowed on table in reserved database {}", name,
                                         execution.schema().name));
  if (operation->changes_rows && execution.context.access.read_only)
    return fail(not_allowed, fmt::format("{} operation not allowed when database server is in read only mode", name));
  return operation->run(execution, members);
}

}  // namespace

bool changes_rows(std::span<const json::value> operations_of_one) {
  return std::ranges::any_of(operations_of_one, [](const json::value& value) {
    const auto* members = value.if_object();
    const auto* op = members ? members->if_contains("op") : nullptr;
    const auto* name = op ? op->if_string() : nullptr;
    const auto* known = name ? std::ranges::find(operations, std::string_view(*name), &OperationEntry::name) : nullptr;
    return known && known != std::ranges::end(operations) && known->changes_rows;
  });
}

std::variant<json::array, Blocked, Unsynced> execute(Database& database, std::span<const json::value> values,
                                                     const ExecutionContext& context) {
  json::array results;
  if (values.size() > context.limits.operations) {
    results.push_back(to_json(Error{resources_exhausted, fmt::format("{} operations, more than the limit of {}",
                                                                     values.size(), context.limits.operations)}));
    return results;
  }
  Execution execution(database, context);
  results.reserve(values.size() + 1);
  for (const auto& value : values) {
    std::array<char, 64> place;
    const auto end =
        fmt::format_to_n(place.data(), place.size(), "ovsdb operation {} of {}", results.size() + 1, values.size()).out;
    auto outcome = run(execution, value, std::string_view(place.data(), end));
    if (!outcome) {
      results.push_back(to_json(outcome.error()));
      results.resize(values.size());  // Null for each operation that was not tried.
      return results;
    }
    if (const auto* blocked = std::get_if<Blocked>(&*outcome)) return *blocked;
    results.push_back(std::move(std::get<json::object>(*outcome)));
  }
  if (!context.commits) return results;
  const auto committed = execution.transaction.commit(execution.durable && !context.sync_later);
  if (!committed) {
    results.push_back(to_json(committed.error()));
  } else if (execution.durable && context.sync_later) {
    return Unsynced{std::move(results)};
  }
  return results;
}

}  // namespace weft::ovsdb
