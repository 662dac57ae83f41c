// A blocking OVSDB client for command-line programs: one connection, one request at a time, a deadline on each.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "base/json.hpp"
#include "jsonrpc/message.hpp"
#include "stream/connect.hpp"

namespace weft::jsonrpc {

using stream::Deadline;

// A server that sends more notifications than this while a reply is awaited is a "protocol error".
inline constexpr std::size_t max_queued_notifications = 10'000;

class Client {
 public:
  // As stream::connect_stream().
  static Result<Client> connect(const std::string& remote, Deadline deadline,
                                const stream::TlsSettings& tls_settings = {});
  Client(Client&&) noexcept;
  Client& operator=(Client&&) noexcept;
  ~Client();

  // Readable when the server has said something, or is gone.
  int fd() const;

  // The reply, be it an error. Errors: "connection lost", "timed out", "protocol error". Answers the server's echo
  // meanwhile.
  Result<Reply> exchange(std::string_view method, json::array params, Deadline deadline);
  // The same: the reply's result. An error reply is an Error tagged with the database's own "error" member where it has
  // one.
  Result<json::value> call(std::string_view method, json::array params, Deadline deadline);
  // The next notification ("update", "update2", "update3", "locked", ...) whole: {"method":..., "params":...}.
  Result<json::object> next_notification(Deadline deadline);

 private:
  struct State;
  explicit Client(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace weft::jsonrpc
