// Role-based access: which rows a client may change, by the tables RBAC_Role and those its permissions refer to
// (ovsdb-server(5), ovsdb-server(7) section 4.1.3). Reading is free for all.
#pragma once

#include "ovsdb/access.hpp"
#include "ovsdb/database.hpp"
#include "ovsdb/mutation.hpp"
#include "ovsdb/row_json.hpp"

namespace weft::ovsdb {

// For changes of one table within one transaction. Every error is a "permission error". A client that has a role, but
// has not shown who it is, may change nothing.
class RoleRules {
 public:
  // `access` and the database must outlive it.
  RoleRules(const Database& database, std::size_t table, const Access& access);

  // Whether the client may do so with any row at all. Ask it before all rows: it holds where there are none, too.
  enum class Change { insertion, deletion, update, mutation };
  Result<> may_ever(Change change) const;

  Result<> may_insert(const std::vector<Datum>& columns) const;
  Result<> may_erase(const Row& row) const;
  // `named`: the columns that are to change; `after`: all of the row's.
  Result<> may_update(const Row& before, const std::vector<Datum>& after, std::span<const ColumnValue> named) const;
  Result<> may_mutate(const Row& before, const std::vector<Datum>& after, std::span<const Mutation> named) const;

 private:
  bool allows_insert_and_erase() const;
  bool is_authorized(const std::vector<Datum>& columns) const;
  template <class Named>
  bool may_change(const Row& before, const std::vector<Datum>& after, Named named) const;
  bool may_change_keys(const ColumnSchema& column, const Datum& before, const Datum& after) const;
  std::unexpected<Error> refuse(Change change) const;

  const TableSchema& table_;
  const Access& access_;
  bool is_ruled_ = false;                     // False: everything is allowed.
  const TableSchema* permissions_ = nullptr;  // The table of permission_.
  RowPtr permission_;                         // Null: nothing is allowed.
};

}  // namespace weft::ovsdb
