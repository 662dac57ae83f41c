#include "vsctl/commit.hpp"

#include <fmt/format.h>

#include "ovsdb/error_tags.hpp"
#include "vsctl/operation_json.hpp"

namespace weft::vsctl {
namespace {

json::array next_cfg_operations() {
  return {
      json::object{{"op", "mutate"},
                   {"table", "Open_vSwitch"},
                   {"where", json::array{}},
                   {"mutations", list_of_one("next_cfg", "+=", 1)}},
      json::object{
          {"op", "select"}, {"table", "Open_vSwitch"}, {"where", json::array{}}, {"columns", json::array{"next_cfg"}}}};
}

void append(json::array& all, json::array more) {
  for (auto& operation : more) all.push_back(std::move(operation));
}

std::unexpected<Error> explained(const json::object& failure) {
  // Only the guards wait, and they wait for nothing.
  if (failure.at("error") == ovsdb::timed_out) return fail(stale, "the database has changed meanwhile");
  return fail("transaction error", "transaction error: " + to_text(failure));
}

Result<Uuid> inserted_uuid(const json::array& results, std::size_t position) {
  if (position < results.size() && results[position].is_object()) {
    const auto* value = results[position].get_object().if_contains("uuid");
    if (value) {
      const auto atom = TRY(ovsdb::atom_from_json(ovsdb::AtomType::uuid, *value));
      return std::get<Uuid>(atom);
    }
  }
  return fail("protocol error", "the server's answer to \"insert\" has no \"uuid\"");
}

std::optional<std::int64_t> next_cfg_in(const json::value& result) {
  const auto* rows = result.is_object() ? result.get_object().if_contains("rows") : nullptr;
  if (!rows || !rows->is_array() || rows->get_array().empty() || !rows->get_array()[0].is_object()) return std::nullopt;
  const auto* value = rows->get_array()[0].get_object().if_contains("next_cfg");
  return value && value->is_int64() ? std::optional(value->get_int64()) : std::nullopt;
}

}  // namespace

Result<Committed> commit(Session& session, const View& view, const CommitOptions& options) {
  auto changes = view.operations();
  Committed committed;
  if (changes.empty()) return committed;
  auto operations = view.snapshot().guards();
  const auto first_change = operations.size();
  append(operations, std::move(changes));
  if (options.wait_for_switch) append(operations, next_cfg_operations());
  const auto after_next_cfg = operations.size();
  operations.push_back(json::object{{"op", "comment"}, {"comment", options.comment}});
  if (options.dry_run) operations.push_back(json::object{{"op", "abort"}});

  const auto results = TRY(session.transact(std::move(operations)));
  const auto* failure = first_failure(results);
  if (failure && !(options.dry_run && failure->at("error") == ovsdb::aborted)) return explained(*failure);
  for (const auto& [table, row, operation] : view.inserted()) {
    const auto uuid = TRY(inserted_uuid(results, first_change + operation));
    committed.final_uuids.emplace(row, uuid);
    if (table == "Interface") committed.new_interfaces.push_back(uuid);
  }
  if (options.wait_for_switch && !options.dry_run && after_next_cfg <= results.size()) {
    committed.next_cfg = next_cfg_in(results[after_next_cfg - 1]);
  }
  return committed;
}

}  // namespace weft::vsctl
