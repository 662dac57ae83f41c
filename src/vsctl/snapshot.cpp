#include "vsctl/snapshot.hpp"

#include <fmt/format.h>

#include "vsctl/operation_json.hpp"

namespace weft::vsctl {

using ovsdb::Datum;

namespace {

std::unexpected<Error> bad_answer(const json::value& answer) {
  return fail("protocol error", "the server's answer to \"select\" is " + excerpt(answer));
}

Result<Uuid> uuid_of(const ovsdb::TableSchema& table, const json::object& row) {
  const auto* value = row.if_contains("_uuid");
  if (!value) return bad_answer(row);
  const auto datum = TRY(table.columns[ovsdb::uuid_column].type.datum_from_json(*value));
  return *datum.single<Uuid>();
}

}  // namespace

Snapshot::Snapshot(const ovsdb::DatabaseSchema& schema, Transact transact)
    : schema_(schema), transact_(std::move(transact)), rows_(schema.tables.size()), answers_(schema.tables.size()) {}

json::array Snapshot::where_of(std::size_t table, const std::optional<Clause>& where) const {
  if (!where) return {};
  const auto& column = schema_.tables[table].columns[where->column];
  return list_of_one(column.name, where->relation == Clause::equals ? "==" : "includes",
                     column.type.datum_to_json(where->value));
}

void Snapshot::guard(std::size_t table, const Uuid& row, std::size_t column) {
  auto where = where_of(table, Clause{ovsdb::uuid_column, Clause::equals, Datum::scalar(row)});
  auto& answer = answers_[table][to_text(where)];
  answer.where = std::move(where);
  answer.rows = {row};
  if (!answer.guarded) answer.guarded.emplace();
  answer.guarded->insert(column);
}

bool Snapshot::can_answer(const Question& question, const Answer& answer) const {
  return std::ranges::all_of(answer.rows, [&](const Uuid& row) {
    return std::ranges::all_of(question.columns,
                               [&](std::size_t column) { return cached(question.table, row, column) != nullptr; });
  });
}

Result<> Snapshot::remember(const Question& question, Answer& answer, const json::value& result) {
  const auto& table = schema_.tables[question.table];
  const auto* object = result.if_object();
  const auto* rows = object ? object->if_contains("rows") : nullptr;
  if (!rows || !rows->is_array()) return bad_answer(result);
  answer.rows.clear();
  for (const auto& row : rows->get_array()) {
    if (!row.is_object()) return bad_answer(row);
    const auto uuid = TRY(uuid_of(table, row.get_object()));
    answer.rows.push_back(uuid);
    auto& columns = rows_[question.table][uuid];
    for (const auto column : question.columns) {
      const auto* value = row.get_object().if_contains(table.columns[column].name);
      if (!value) return bad_answer(row);
      // The first value read stays: a run sees one state. If it has changed meanwhile, the guards say so.
      if (!columns.contains(column)) columns.emplace(column, TRY(table.columns[column].type.datum_from_json(*value)));
    }
  }
  return {};
}

Result<std::vector<std::vector<Uuid>>> Snapshot::ask(std::span<const Question> questions) {
  json::array operations;
  std::vector<std::pair<const Question*, Answer*>> pending;
  std::vector<Answer*> answers;
  for (const auto& question : questions) {
    auto where = where_of(question.table, question.where);
    auto [found, is_new] = answers_[question.table].try_emplace(to_text(where));
    auto& answer = found->second;
    answer.where = where;
    if (question.where) answer.where_column = question.where->column;
    answers.push_back(&answer);
    if (question.guard != Guard::none) {
      if (!answer.guarded) answer.guarded.emplace();
      if (question.guard == Guard::columns) answer.guarded->insert(question.columns.begin(), question.columns.end());
    }
    if (!is_new && can_answer(question, answer)) continue;
    const auto& table = schema_.tables[question.table];
    json::array columns{"_uuid"};
    for (const auto column : question.columns) columns.push_back(json::value(table.columns[column].name));
    operations.push_back(json::object{
        {"op", "select"}, {"table", table.name}, {"where", std::move(where)}, {"columns", std::move(columns)}});
    pending.emplace_back(&question, &answer);
  }
  if (!pending.empty()) {
    ++round_trips_;
    const auto results = TRY(transact_(std::move(operations)));
    if (results.size() < pending.size()) return bad_answer(results);
    for (std::size_t i = 0; i < pending.size(); ++i) TRY(remember(*pending[i].first, *pending[i].second, results[i]));
  }
  std::vector<std::vector<Uuid>> all;
  for (const auto* answer : answers) all.push_back(answer->rows);
  return all;
}

const Datum* Snapshot::cached(std::size_t table, const Uuid& row, std::size_t column) const {
  const auto found = rows_[table].find(row);
  if (found == rows_[table].end()) return nullptr;
  const auto value = found->second.find(column);
  return value == found->second.end() ? nullptr : &value->second;
}

json::object Snapshot::guard_for(std::size_t table, const Answer& answer) const {
  const auto& schema = schema_.tables[table];
  json::array columns{"_uuid"};
  for (const auto column : *answer.guarded) columns.push_back(json::value(schema.columns[column].name));
  json::array rows;
  for (const auto& uuid : answer.rows) {
    json::object row{{"_uuid", json::array{"uuid", uuid.to_string()}}};
    for (const auto column : *answer.guarded) {
      row[schema.columns[column].name] = schema.columns[column].type.datum_to_json(*cached(table, uuid, column));
    }
    rows.push_back(std::move(row));
  }
  return {{"op", "wait"},
          {"timeout", 0},
          {"table", schema.name},
          {"where", answer.where},
          {"columns", std::move(columns)},
          {"until", "=="},
          {"rows", std::move(rows)}};
}

std::map<std::size_t, std::set<std::size_t>> Snapshot::columns_read() const {
  std::map<std::size_t, std::set<std::size_t>> read;
  for (std::size_t table = 0; table < answers_.size(); ++table) {
    for (const auto& [text, answer] : answers_[table]) {
      auto& columns = read[table];
      if (answer.where_column && *answer.where_column != ovsdb::uuid_column) columns.insert(*answer.where_column);
    }
    for (const auto& [row, cells] : rows_[table]) {
      for (const auto& [column, value] : cells) read[table].insert(column);
    }
  }
  return read;
}

json::array Snapshot::guards() const {
  json::array operations;
  for (std::size_t table = 0; table < answers_.size(); ++table) {
    for (const auto& [text, answer] : answers_[table]) {
      if (answer.guarded) operations.push_back(guard_for(table, answer));
    }
  }
  return operations;
}

}  // namespace weft::vsctl
