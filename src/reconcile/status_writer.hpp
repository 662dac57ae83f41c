// Status into the database, as typed columns.
#pragma once

#include <map>
#include <string>

#include "ovsdb/transaction.hpp"
#include "reconcile/columns.hpp"
#include "reconcile/interface_status.hpp"

namespace weft::reconcile {

// `statistics` are written only if asked for, or where there are none yet: they change all the time, and everybody who
// monitors the row would hear of it.
void write_status(ovsdb::Transaction& transaction, const InterfaceColumns& columns, const Uuid& interface,
                  const InterfaceStatus& status, bool with_statistics);

// Bridge.datapath_id: the one asked for, or else made from the address of the bridge's own device.
void write_datapath_ids(ovsdb::Transaction& transaction, const BridgeColumns& columns,
                        const std::vector<BridgeConfig>& bridges, const Wanted& wanted,
                        const model::Observed& observed);

}  // namespace weft::reconcile
