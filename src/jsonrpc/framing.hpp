// A byte stream cut into JSON-RPC messages (RFC 7047 section 4): JSON objects one after the other, with nothing but
// optional white space between. Memory is bounded by the limits, whatever arrives.
#pragma once

#include <cstddef>
#include <deque>
#include <memory>
#include <optional>
#include <string_view>

#include "base/json_reader.hpp"
#include "jsonrpc/counted_memory.hpp"

namespace weft::jsonrpc {

// What a server takes from a client in one message. Far above any real transaction.
inline constexpr std::size_t max_request_bytes = 16 << 20;
// What a client takes from a server: the first answer to a monitor holds whole tables.
inline constexpr std::size_t max_reply_bytes = 256 << 20;

class MessageReader {
 public:
  explicit MessageReader(std::size_t max_message_bytes);

  // Takes the next bytes of the stream. An error ends the stream: "syntax error" (not JSON, not an object, or nested
  // beyond max_json_depth), "too large". Messages that were complete before the error can still be taken.
  Result<> feed(std::string_view bytes);
  // The oldest complete message not yet taken.
  std::optional<json::value> next();
  // A message has begun and not ended.
  bool in_message() const { return message_bytes_ > 0; }
  // What the message being read takes, and all that were read, wherever they are now: values that share a message's
  // memory keep all of it.
  std::size_t held_bytes() const { return *memory_bytes_; }

 private:
  void start_message();
  void make_parser();

  std::size_t max_message_bytes_;
  std::size_t message_bytes_ = 0;   // Of the message being read.
  std::uint64_t stream_bytes_ = 0;  // Where in the stream an error is.
  std::shared_ptr<std::size_t> memory_bytes_ = std::make_shared<std::size_t>(0);
  json::storage_ptr storage_;  // Of CountedMemory, which lives as long as whatever is in it.
  std::optional<JsonReader> parser_;
  std::deque<json::value> complete_;
};

}  // namespace weft::jsonrpc
