// Metadata for guests at work: between the datapath, which brings their packets, and the HTTP server, which listens in
// a network namespace of its own. Includes Boost.Asio: for few source files.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <functional>
#include <optional>

#include "apps/metadata_server.hpp"
#include "services/metadata_wire.hpp"

namespace weft {

class MetadataService {
 public:
  struct Callbacks {
    std::function<void(const services::Asker& to, ByteView frame)> send;
    std::function<services::MetadataAnswer(const services::Asker& asker, std::string_view method,
                                           std::string_view target)>
        answer;
  };
  MetadataService(boost::asio::io_context& loop, Callbacks callbacks);

  bool is_open() const { return server_.has_value(); }
  // Errors: this machine has no TUN devices, or no network namespaces.
  Result<> open();
  void close();

  // A guest's packet. While it is not open, and where there is no room, the packet is lost: TCP sends it again.
  void take(const services::Request& request);

 private:
  void await_packets();
  bool take_packet();
  services::MetadataAnswer answer(const IpAddress& peer, std::string_view method, std::string_view target) const;

  boost::asio::io_context& loop_;
  Callbacks callbacks_;
  services::MetadataWire wire_;
  boost::asio::posix::stream_descriptor packets_;
  std::optional<MetadataServer> server_;
};

}  // namespace weft
