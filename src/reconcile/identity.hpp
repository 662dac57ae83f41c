// Who this switch is: what Open_vSwitch says of the program and of the system it runs on.
#pragma once

#include <string>

#include "base/compatibility.hpp"
#include "ovsdb/transaction.hpp"
#include "reconcile/columns.hpp"

namespace weft::reconcile {

struct Identity {
  std::string hostname = {};
  std::string run_directory = {};
  std::string system_type = {};     // os-release(5) ID; "unknown" where there is none.
  std::string system_version = {};  // os-release(5) VERSION_ID
};

// Of this machine.
Identity read_identity(std::string run_directory);
// The two values of a file in the form of os-release(5).
void parse_os_release(std::string_view text, Identity& into);

// The row of table Open_vSwitch; a new one if there is none.
Uuid ensure_switch_row(ovsdb::Transaction& transaction, const Columns& columns);
// external_ids:system-id and :hostname are given once and kept; whoever manages the host may have set them.
void write_identity(ovsdb::Transaction& transaction, const Columns& columns, const Uuid& open_vswitch,
                    const Identity& identity);

}  // namespace weft::reconcile
