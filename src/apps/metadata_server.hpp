// The HTTP server of metadata, on a socket that listens already. Includes Boost.Asio: for few source files.
#pragma once

#include <boost/asio/io_context.hpp>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "base/unique_fd.hpp"
#include "services/metadata.hpp"
#include "wire/ip_address.hpp"

namespace weft {

// Further ones are closed at once. The last two keep one peer, or the guests behind one port, from taking all.
inline constexpr std::size_t most_metadata_connections = 256, most_metadata_connections_per_port = 32,
                             most_metadata_connections_per_peer = 8;
// Of a request; a larger one is refused.
inline constexpr std::size_t most_request_header_bytes = 8192, most_request_body_bytes = 1024;
// For one request and its answer; then the connection is closed.
inline constexpr int metadata_timeout_s = 10;

class MetadataServer {
 public:
  struct Callbacks {
    // Behind which port the peer is. Empty: it is nobody's, and not heard.
    std::function<std::string(const IpAddress& peer)> port_of;
    // What to say to the peer.
    std::function<services::MetadataAnswer(const IpAddress& peer, std::string_view method, std::string_view target)>
        answer;
  };
  MetadataServer(boost::asio::io_context& loop, UniqueFd listener, Callbacks callbacks);
  ~MetadataServer();  // Cuts all off.

 private:
  class Parts;
  std::shared_ptr<Parts> parts_;
};

}  // namespace weft
