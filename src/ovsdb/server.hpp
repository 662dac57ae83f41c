// The database server: sockets around a Service, in somebody's Boost.Asio loop, on one thread.
#pragma once

#include <chrono>
#include <memory>
#include <string>

#include "jsonrpc/connection_limits.hpp"
#include "ovsdb/service.hpp"
#include "ovsdb/usage.hpp"

namespace boost::asio {
class io_context;
}

namespace weft::ovsdb {

struct ServerLimits {
  std::size_t clients = 512;  // One more is disconnected at once, with a log line.
  jsonrpc::ConnectionLimits connection = {};
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
  bool has_database(std::string_view name) const;
  // See UnixListener for what happens to the path, and for the errors.
  Result<> listen_unix(const std::string& path);
  void stop_listening(const std::string& path);
  std::size_t client_count() const;
  Usage usage() const;
  // What all its clients share.
  Service& service();
  // Closes the listening sockets and all connections. Nothing of the server stays in the loop.
  void stop();

 private:
  class State;
  std::shared_ptr<State> state_;
};

}  // namespace weft::ovsdb
