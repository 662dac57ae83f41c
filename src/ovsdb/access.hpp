// What a client is allowed in a database: reading only, or what its role says (ovsdb-server(7) section 4.1.3).
#pragma once

#include <string>

namespace weft::ovsdb {

struct Access {
  bool read_only = false;
  std::string role = {};       // The row of RBAC_Role that rules it; empty: it may do everything.
  std::string client_id = {};  // Who it has shown to be, by its certificate; empty: nobody.
};

}  // namespace weft::ovsdb
