// Status into the database, as typed columns.
#pragma once

#include "ovsdb/transaction.hpp"
#include "reconcile/columns.hpp"
#include "reconcile/interface_status.hpp"

namespace weft::reconcile {

// All but the statistics; these only where they appear or go. True: they were written.
bool write_status(ovsdb::Transaction& transaction, const InterfaceColumns& columns, const Uuid& interface,
                  const InterfaceStatus& status);
// Apart from the rest: they change all the time, and everybody who monitors the row hears of it.
void write_statistics(ovsdb::Transaction& transaction, const InterfaceColumns& columns, const Uuid& interface,
                      const InterfaceStatus& status);

// Port.status: "flapping" with the addresses that move between this port and another too fast. `observed`: null where
// the datapath has no such port.
void write_port_status(ovsdb::Transaction& transaction, const PortColumns& columns, const Uuid& port,
                       const model::DatapathPort* observed);

// Bridge.datapath_id: the one asked for, or else made from the address of the bridge's own device; none while it has
// none. `own`: the device of the bridge's name, if there is one. Bridge.status: "services_error". True: that is a new
// one.
bool write_bridge_status(ovsdb::Transaction& transaction, const BridgeColumns& columns, const WantedBridge& bridge,
                         const model::Link* own);

}  // namespace weft::reconcile
