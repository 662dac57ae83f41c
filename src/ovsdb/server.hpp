// The database server: sockets around a Service, in somebody's Boost.Asio loop, on one thread.
#pragma once

#include <chrono>
#include <memory>
#include <string>

#include "ovsdb/database.hpp"
#include "ovsdb/rpc_framing.hpp"

namespace boost::asio {
class io_context;
}

namespace weft::ovsdb {

struct ServerLimits {
  std::size_t clients = 512;                      // One more is disconnected at once, with a log line.
  std::size_t request_bytes = max_request_bytes;  // In one message of a client.
  // What a client has not yet read. Beyond it the client is dropped, not waited for; the last message may exceed it.
  std::size_t backlog_bytes = 64 << 20;
  // A client that has something to read and takes no byte of it for so long is dropped, too.
  std::chrono::milliseconds stall_time{60'000};
};

class Server {
 public:
  explicit Server(boost::asio::io_context& loop, ServerLimits limits = {});
  ~Server();  // As stop().
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  // As Service's.
  void add_database(Database& database);
  void remove_database(const std::string& name);
  // See UnixListener for what happens to the path, and for the errors.
  Result<> listen_unix(const std::string& path);
  std::size_t client_count() const;
  // Closes the listening sockets and all connections. Nothing of the server stays in the loop.
  void stop();

 private:
  class State;
  std::shared_ptr<State> state_;
};

}  // namespace weft::ovsdb
