// The control socket of a daemon: JSON-RPC requests, whose method is a command, in the daemon's Boost.Asio loop.
#pragma once

#include <memory>
#include <string>

#include "base/error.hpp"
#include "unixctl/command_table.hpp"

namespace boost::asio {
class io_context;
}

namespace weft::unixctl {

// What people and scripts ask at once; one more waits no longer than it takes to say goodbye to it.
inline constexpr std::size_t max_clients = 64;
// A request is a command line.
inline constexpr std::size_t max_request_bytes = 1 << 20;

class Server {
 public:
  // `table` outlives the server; commands may still be added to it.
  Server(boost::asio::io_context& loop, const CommandTable& table);
  ~Server();  // Closes and removes the sockets.
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  // One more socket for the same commands. Error, in Open vSwitch's words: it cannot be had.
  Result<> listen(const std::string& path);

 private:
  class State;
  std::shared_ptr<State> state_;
};

}  // namespace weft::unixctl
