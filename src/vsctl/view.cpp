#include "vsctl/view.hpp"

#include <fmt/format.h>

namespace weft::vsctl {

using ovsdb::Atom;
using ovsdb::Datum;

Where equals(std::string_view column, Atom value) { return {column, Clause::equals, Datum::scalar(std::move(value))}; }
Where includes(std::string_view column, Atom element) {
  return {column, Clause::includes, Datum::scalar(std::move(element))};
}

Result<std::size_t> View::table_position(std::string_view name) const {
  if (const auto found = schema_.find(name)) return *found;
  return fail("unknown table",
              fmt::format("the database's schema {} {} has no table {}", schema_.name, schema_.version, name));
}

Result<View::Place> View::place(std::string_view table, std::string_view column) const {
  const auto position = TRY(table_position(table));
  if (const auto found = schema_.tables[position].find(column)) return Place{position, *found};
  return fail("unknown column", fmt::format("the database's schema {} {} has no column {} in table {}", schema_.name,
                                            schema_.version, column, table));
}

Result<const ovsdb::TableSchema*> View::table(std::string_view name) const {
  return &schema_.tables[TRY(table_position(name))];
}

const View::RowChange* View::change_of(std::size_t table, const Uuid& row) const {
  const auto found = changes_[table].find(row);
  return found == changes_[table].end() ? nullptr : &found->second;
}

Result<Question> View::question(const Query& query) const {
  Question question{.table = TRY(table_position(query.table)), .where = {}, .columns = {}, .guard = query.guard};
  if (query.where) {
    const auto column = TRY(place(query.table, query.where->column)).column;
    question.where = Clause{column, query.where->relation, query.where->value};
  }
  for (const auto name : query.columns) {
    const auto column = TRY(place(query.table, name)).column;
    const bool is_known =
        column == ovsdb::uuid_column || std::ranges::find(question.columns, column) != question.columns.end();
    if (!is_known) question.columns.push_back(column);
  }
  return question;
}

Result<std::vector<RowIds>> View::select(std::vector<Query> queries) {
  std::vector<Question> questions;
  for (const auto& query : queries) questions.push_back(TRY(question(query)));
  auto answers = TRY(snapshot_.ask(questions));
  for (std::size_t i = 0; i < answers.size(); ++i) answers[i] = TRY(with_changes(questions[i], answers[i]));
  return answers;
}

Result<RowIds> View::select(Query query) {
  std::vector<Query> queries;
  queries.push_back(std::move(query));
  auto answers = TRY(select(std::move(queries)));
  return std::move(answers.front());
}

// The changed rows of the table that could satisfy the question.
std::vector<Uuid> View::changed_candidates(const Question& question) const {
  if (question.where && question.where->relation == Clause::equals) {
    const auto& column = schema_.tables[question.table].columns[question.where->column];
    const bool is_indexed = column.type.is_scalar() && question.where->column != ovsdb::uuid_column &&
                            !(question.where->value == column.default_value);
    if (is_indexed) {
      const auto values = assigned_.find({question.table, question.where->column});
      if (values == assigned_.end()) return {};
      const auto rows = values->second.find(question.where->value.keys().front());
      if (rows == values->second.end()) return {};
      return {rows->second.begin(), rows->second.end()};
    }
  }
  std::vector<Uuid> all;
  for (const auto& [row, change] : changes_[question.table]) all.push_back(row);
  return all;
}

// The answer as it is after this run's own changes.
Result<RowIds> View::with_changes(const Question& question, const RowIds& answered) {
  if (changes_[question.table].empty()) return answered;
  const std::set<Uuid> known(answered.begin(), answered.end());
  RowIds rows;
  for (const auto& row : answered) {
    const auto* change = change_of(question.table, row);
    if (!change || TRY(matches(question, row, *change, true))) rows.push_back(row);
  }
  for (const auto& row : changed_candidates(question)) {
    const auto* change = change_of(question.table, row);
    if (!change || known.contains(row)) continue;
    if (TRY(matches(question, row, *change, false))) rows.push_back(row);
  }
  return rows;
}

Result<bool> View::matches(const Question& question, const Uuid& row, const RowChange& change, bool was_answered) {
  if (change.kind == RowChange::Kind::erased) return false;
  const bool is_new = change.kind == RowChange::Kind::inserted;
  if (!question.where) return is_new || was_answered;
  const auto& where = *question.where;
  if (where.column == ovsdb::uuid_column) return where.value == Datum::scalar(row);
  const auto changed = change.columns.find(where.column);
  if (changed == change.columns.end() && !is_new) return was_answered;
  if (where.relation == Clause::includes && changed != change.columns.end() && where.value.values().empty()) {
    // A large set is not read for one element's sake.
    const auto decided = changed->second.decides(where.value.keys().front());
    if (decided) return *decided;
    if (!is_new) return was_answered;
  }
  const auto value = TRY(read(Place{question.table, where.column}, row, question.guard));
  if (where.relation == Clause::equals) return value == where.value;
  return with_elements(value, where.value) == value;
}

Result<Datum> View::read(std::string_view table, const Uuid& row, std::string_view column, Guard guard) {
  return read(TRY(place(table, column)), row, guard);
}

Result<Datum> View::read(Place place, const Uuid& row, Guard guard) {
  if (place.column == ovsdb::uuid_column) return Datum::scalar(row);
  const auto& column = schema_.tables[place.table].columns[place.column];
  const auto* row_change = change_of(place.table, row);
  const ColumnChange* change = nullptr;
  if (row_change) {
    const auto found = row_change->columns.find(place.column);
    if (found != row_change->columns.end()) change = &found->second;
    if (row_change->kind == RowChange::Kind::inserted)
      return change ? change->apply(column.default_value) : column.default_value;
  }
  if (change && change->is_assignment()) return change->apply({});
  const auto* base = snapshot_.cached(place.table, row, place.column);
  if (!base) {
    const Question question{
        place.table, Clause{ovsdb::uuid_column, Clause::equals, Datum::scalar(row)}, {place.column}, guard};
    TRY(snapshot_.ask(std::span(&question, 1)));
    base = snapshot_.cached(place.table, row, place.column);
  } else if (guard == Guard::columns) {
    snapshot_.guard(place.table, row, place.column);
  }
  if (!base)
    return fail(stale, fmt::format("row {} of table {} has gone", row.to_string(), schema_.tables[place.table].name));
  return change ? change->apply(*base) : *base;
}

bool View::is_erased(std::string_view table, const Uuid& row) const {
  const auto position = schema_.find(table);
  const auto* change = position ? change_of(*position, row) : nullptr;
  return change && change->kind == RowChange::Kind::erased;
}

bool View::is_inserted(std::string_view table, const Uuid& row) const {
  const auto position = schema_.find(table);
  const auto* change = position ? change_of(*position, row) : nullptr;
  return change && change->kind == RowChange::Kind::inserted;
}

Result<Uuid> View::insert(std::string_view table, std::optional<Uuid> promised, std::optional<Uuid> wanted) {
  const auto row = wanted ? *wanted : promised ? *promised : Uuid::random();
  auto& change = changes_[TRY(table_position(table))][row];
  change.kind = RowChange::Kind::inserted;
  change.wanted = wanted;
  return row;
}

Result<> View::assign(std::string_view table, const Uuid& row, std::string_view column, const Datum& value) {
  const auto at = TRY(place(table, column));
  if (schema_.tables[at.table].columns[at.column].type.is_scalar() && value.size() == 1) {
    assigned_[{at.table, at.column}][value.keys().front()].insert(row);
  }
  changes_[at.table][row].columns[at.column].assign(value);
  return {};
}

Result<> View::insert_elements(std::string_view table, const Uuid& row, std::string_view column, const Datum& more) {
  const auto at = TRY(place(table, column));
  changes_[at.table][row].columns[at.column].insert(more);
  return {};
}

Result<> View::remove_keys(std::string_view table, const Uuid& row, std::string_view column, const Datum& keys) {
  const auto at = TRY(place(table, column));
  changes_[at.table][row].columns[at.column].remove_keys(keys);
  return {};
}

Result<> View::erase(std::string_view table, const Uuid& row) {
  const auto position = TRY(table_position(table));
  if (is_inserted(table, row)) {
    changes_[position].erase(row);
    return {};
  }
  auto& change = changes_[position][row];
  change.kind = RowChange::Kind::erased;
  change.columns.clear();
  return {};
}

}  // namespace weft::vsctl
