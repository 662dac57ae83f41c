#include "ovsdb/execution.hpp"

#include <fmt/format.h>

#include "ovsdb/error_tags.hpp"
#include "ovsdb/operations.hpp"

namespace weft::ovsdb {
namespace {

Result<Outcome> commit(Execution& execution, MemberReader& members) {
  const auto* durable = TRY(members.required("durable"));
  if (!durable->is_bool()) return fail(syntax_error, "commit: \"durable\" must be a boolean, not " + excerpt(*durable));
  TRY(members.finish());
  execution.durable = execution.durable || durable->get_bool();
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
  const auto lock = TRY(members.required_string("lock"));
  TRY(members.finish());
  if (!is_identifier(lock)) return fail(syntax_error, excerpt(json::value(lock)) + " is no name of a lock");
  const auto& owns = execution.context.owns_lock;
  if (!owns || !owns(lock)) return fail(not_owner, fmt::format("this client does not own the lock \"{}\"", lock));
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

Result<const OperationEntry*> find_operation(std::string_view name) {
  for (const auto& operation : operations) {
    if (operation.name == name) return &operation;
  }
  return fail(syntax_error, excerpt(json::value(name)) + " is no operation");
}

Result<Outcome> run(Execution& execution, const json::value& value) {
  auto members = TRY(MemberReader::open(value, "operation"));
  const auto name = TRY(members.required_string("op"));
  const auto* operation = TRY(find_operation(name));
  if (operation->changes_rows && execution.context.access.read_only) {
    return fail(not_allowed, fmt::format("{} operation not allowed when database server is in read only mode", name));
  }
  return operation->run(execution, members);
}

json::object error_object(const Error& error) { return {{"error", error.tag}, {"details", error.details}}; }

}  // namespace

std::variant<json::array, Blocked, Unsynced> execute(Database& database, std::span<const json::value> values,
                                                     const ExecutionContext& context) {
  json::array results;
  if (values.size() > context.limits.operations) {
    results.push_back(error_object({resources_exhausted, fmt::format("{} operations, more than the limit of {}",
                                                                     values.size(), context.limits.operations)}));
    return results;
  }
  Execution execution(database, context);
  results.reserve(values.size() + 1);
  for (const auto& value : values) {
    auto outcome = run(execution, value);
    if (!outcome) {
      results.push_back(error_object(outcome.error()));
      results.resize(values.size());  // Null for each operation that was not tried.
      return results;
    }
    if (const auto* blocked = std::get_if<Blocked>(&*outcome)) return *blocked;
    results.push_back(std::move(std::get<json::object>(*outcome)));
  }
  const auto committed = execution.transaction.commit(execution.durable && !context.sync_later);
  if (!committed) {
    results.push_back(error_object(committed.error()));
  } else if (execution.durable && context.sync_later) {
    return Unsynced{std::move(results)};
  }
  return results;
}

}  // namespace weft::ovsdb
