// The operations of "transact", each a function, and what they share while one transaction is carried out.
#pragma once

#include "ovsdb/condition.hpp"
#include "ovsdb/execution.hpp"
#include "ovsdb/member_reader.hpp"
#include "ovsdb/named_uuids.hpp"
#include "ovsdb/role_rules.hpp"
#include "ovsdb/transaction.hpp"

namespace weft::ovsdb {

struct Execution {
  Execution(Database& database, const ExecutionContext& the_context) : transaction(database), context(the_context) {}

  Transaction transaction;
  const ExecutionContext& context;
  NamedUuidTable names;
  const NamedUuids named = [this](std::string_view name) { return names.mention(name); };
  bool durable = false;
  std::size_t rows_looked_at = 0;
  std::size_t values_returned = 0;

  const DatabaseSchema& schema() const { return transaction.database().schema(); }

  // What the client may change of the table.
  RoleRules rules(std::size_t table) const { return {transaction.database(), table, context.access}; }

  // The member "table": a position in the schema.
  Result<std::size_t> table(MemberReader& members) const;
  // The rows that match the member "where". Errors also: "resources exhausted".
  Result<std::vector<RowPtr>> where(MemberReader& members, std::size_t table);
};

// The result object of the operation, or that it waits.
using Outcome = std::variant<json::object, Blocked>;
// The operation's members but "op" are still to be read; all of them must be.
using Operation = Result<Outcome>(Execution&, MemberReader&);

Operation insert_row, update_rows, mutate_rows, delete_rows;  // operations_write.cpp
Operation select_rows, wait_for_rows;                         // operations_read.cpp

}  // namespace weft::ovsdb
