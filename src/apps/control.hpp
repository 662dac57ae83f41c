// weftd's control sockets: under its own name, and under those of the daemons that it takes the place of.
// Includes Boost.Asio: for few source files.
#pragma once

#include <string>
#include <string_view>

#include "apps/services.hpp"
#include "apps/weftd_options.hpp"
#include "dbserver/databases.hpp"
#include "dbserver/table_log.hpp"
#include "kernel/kernel_host.hpp"
#include "ovsdb/remotes.hpp"
#include "unixctl/common_commands.hpp"
#include "unixctl/server.hpp"

namespace weft {

class Control {
 public:
  // What the commands are about; all outlive this. `exit`: weftd is to end after the answer, and with `cleanup` to take
  // everything out of the kernel.
  struct Subjects {
    kernel::KernelHost& host;
    ovsdb::DatabaseFile& file;
    ovsdb::Server& server;
    dbserver::Databases& databases;
    ovsdb::Remotes& remotes;
    Services& services;
    std::function<void(bool cleanup)> exit;
  };
  Control(boost::asio::io_context& loop, const Subjects& subjects);

  // The sockets that the options ask for.
  Result<> listen(const WeftdOptions& options);

 private:
  dbserver::TableLog table_log_;
  unixctl::CommandTable table_;
  unixctl::CommonCommands common_;
  unixctl::Server server_;
};

}  // namespace weft
