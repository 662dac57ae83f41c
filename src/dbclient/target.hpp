// Which server and which database a command line is about: both may be left out.
#pragma once

#include <span>
#include <string>

#include "jsonrpc/client.hpp"

namespace weft::dbclient {

struct Target {
  std::string remote;                      // cli::default_remote() where the arguments name none.
  std::span<const std::string> arguments;  // Behind it.
};

// The first argument is the server if it looks like one.
Target take_server(std::span<const std::string> arguments);

// The first argument is the database if the server has one of this name and `least` others follow; it is taken away.
// Otherwise Open_vSwitch, or the only one that is not the server's own. `names`: the answer to "list_dbs".
// Errors: "protocol error", "no default database".
Result<std::string> take_database(const json::value& names, std::size_t least, std::span<const std::string>& arguments);

// `remotes`: one, or several with commas between: the first that can be connected to. "connection failed" tells all.
Result<jsonrpc::Client> connect_any(const std::string& remotes, const stream::TlsSettings& tls = {});

}  // namespace weft::dbclient
