// A remote at work: it listens or connects, and has the clients that came of it. Includes Boost.Asio: for few files.
#pragma once

#include <boost/asio/io_context.hpp>
#include <functional>
#include <memory>

#include "jsonrpc/memory_budget.hpp"
#include "ovsdb/remote_options.hpp"
#include "ovsdb/server.hpp"
#include "ovsdb/service.hpp"
#include "stream/method.hpp"
#include "stream/tls.hpp"

namespace weft::ovsdb {

// What the remotes of one server share; outlives them.
struct RemoteHost {
  RemoteHost(boost::asio::io_context& the_loop, ServerLimits the_limits)
      : loop(the_loop), limits(the_limits), budget(limits.held_bytes) {}

  boost::asio::io_context& loop;
  const ServerLimits limits;
  jsonrpc::MemoryBudget budget;
  Service service;
  stream::Tls tls;
  std::size_t client_count = 0;  // Of all remotes.
  std::function<void()> on_idle = [] {};
};

// Its end closes its sockets and ends its clients.
class Remote : public std::enable_shared_from_this<Remote> {
 public:
  Remote() = default;
  virtual ~Remote() = default;
  Remote(const Remote&) = delete;
  Remote& operator=(const Remote&) = delete;

  // The same target with other options. Clients whose rights change are disconnected: they come back with the new ones.
  virtual void set_options(const RemoteOptions& options) = 0;
  virtual RemoteStatus status() const = 0;
  virtual std::size_t client_count() const = 0;

 protected:
  // `action`, unless the remote is gone by then.
  template <class Action>
  auto guarded(Action action) {
    return [weak = weak_from_this(), action = std::move(action)](const auto&... arguments) {
      if (const auto self = weak.lock()) action(arguments...);
    };
  }
};

// remote_listener.cpp. Errors: Listener::open()'s.
Result<std::shared_ptr<Remote>> listen(RemoteHost& host, const stream::Method& method, const RemoteOptions& options);
// remote_connector.cpp
std::shared_ptr<Remote> connect(RemoteHost& host, const stream::Method& method, const RemoteOptions& options);

}  // namespace weft::ovsdb
