// The database server: remotes around a Service, in somebody's Boost.Asio loop, on one thread.
#pragma once

#include <chrono>
#include <map>
#include <memory>
#include <string>

#include "jsonrpc/connection_limits.hpp"
#include "ovsdb/remote_options.hpp"
#include "ovsdb/service.hpp"
#include "ovsdb/usage.hpp"
#include "stream/tls_settings.hpp"

namespace boost::asio {
class io_context;
}

namespace weft::stream {
class Tls;
}

namespace weft::ovsdb {

struct ServerLimits {
  // One more takes the place of one that has said nothing yet, or is disconnected at once; a log line tells.
  std::size_t clients = 512;
  // With so many clients nobody more is let in over the network: who comes from there cannot lock out the host's own
  // programs.
  std::size_t network_clients = 448;
  jsonrpc::ConnectionLimits connection = {};
  // What all clients may make the server hold together: see jsonrpc::MemoryBudget. So many could have the whole of a
  // large database on its way to a hundred clients that follow it.
  std::size_t held_bytes = 1 << 30;
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

  // Begins to listen or to connect. For a target that is there already: the new options. Errors, and then there is no
  // such remote: "invalid address", "address in use", "I/O error". Failure to connect is none: it is tried again.
  Result<> add_remote(const RemoteOptions& options);
  // Ends its clients, too. There need not be one.
  void remove_remote(const std::string& target);
  bool has_remote(const std::string& target) const;
  // Of a remote that is there.
  RemoteStatus remote_status(const std::string& target) const;
  // add_remote() of "punix:PATH". The socket is for its owner only.
  Result<> listen_unix(const std::string& path);
  // For connections from now on.
  void configure_tls(const stream::TlsSettings& settings);
  // For whoever connects on behalf of the server.
  stream::Tls& tls();

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
