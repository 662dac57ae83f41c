// A client: a session and the connection that it speaks through.
#pragma once

#include "jsonrpc/connection.hpp"
#include "ovsdb/remote.hpp"
#include "ovsdb/session.hpp"

namespace weft::ovsdb {

class RemoteClient {
 public:
  struct Events {
    std::function<void()> on_open = [] {};  // From now on there is a session.
    // Soon after it has ended by itself; never from within a call to the client.
    std::function<void(const std::string& reason)> on_end;
  };
  RemoteClient(RemoteHost& host, stream::Stream stream, const RemoteOptions& options, bool needs_probes, Events events);
  ~RemoteClient();
  RemoteClient(const RemoteClient&) = delete;
  RemoteClient& operator=(const RemoteClient&) = delete;

  bool is_connected() const { return session_.has_value(); }
  // It has sent a whole message.
  bool has_spoken() const { return has_spoken_; }
  void disconnect(std::string_view why) { connection_->disconnect(why); }
  // Adds what is known of this client.
  void describe(RemoteStatus& status) const;

 private:
  void open(const RemoteOptions& options);

  RemoteHost& host_;
  std::function<void()> on_open_;
  bool has_spoken_ = false;
  std::chrono::steady_clock::time_point since_;
  std::shared_ptr<jsonrpc::Connection> connection_;  // Handlers in the loop may keep it longer.
  std::optional<Session> session_;                   // None until the connection is open.
};

}  // namespace weft::ovsdb
