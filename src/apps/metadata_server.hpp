// The HTTP server of metadata, on a socket that listens already. Includes Boost.Asio: for few source files.
#pragma once

#include <boost/asio/io_context.hpp>
#include <functional>
#include <memory>
#include <string_view>

#include "base/unique_fd.hpp"
#include "services/metadata.hpp"
#include "wire/ip_address.hpp"

namespace weft {

// Further ones wait, or are closed where the peer has its share.
inline constexpr std::size_t most_metadata_connections = 256, most_metadata_connections_per_peer = 8;
// Of a request; a larger one is refused.
inline constexpr std::size_t most_request_header_bytes = 8192, most_request_body_bytes = 1024;
// For one request and its answer; then the connection is closed.
inline constexpr int metadata_timeout_s = 10;

class MetadataServer {
 public:
  // What to say to the peer.
  using Answer =
      std::function<services::MetadataAnswer(const IpAddress& peer, std::string_view method, std::string_view target)>;
  MetadataServer(boost::asio::io_context& loop, UniqueFd listener, Answer answer);
  ~MetadataServer();  // Cuts all off.

 private:
  class Parts;
  std::shared_ptr<Parts> parts_;
};

}  // namespace weft
