// Between guests and the server of metadata: whoever asks gets an address of its own on the server's side, so that the
// port, and not an address that anybody can claim, says who asks. Pure, but for the memory of who has asked.
#pragma once

#include <map>
#include <optional>
#include <string>

#include "services/request.hpp"
#include "wire/subnet.hpp"

namespace weft::services {

// More askers at once take the place of those that were silent for longest.
inline constexpr std::uint32_t most_askers = 8192;
// For benchmarks of networks (RFC 2544 appendix C.2.2), and so nobody's.
Subnet inside_subnet();

struct Asker {
  NetworkKey network = {};
  std::string device = {};
  MacAddress mac = {};
  IpAddress address = {};

  auto operator<=>(const Asker&) const = default;
};

class MetadataWire {
 public:
  // The packet for the server. None: the frame is no request to it.
  std::optional<Bytes> to_server(const Request& request);

  struct ToGuest {
    Asker asker = {};
    Bytes frame = {};
  };
  // From a packet of the server. None: it is for nobody who has asked.
  std::optional<ToGuest> to_guest(ByteView packet) const;

  // Null: nobody has this address on the server's side.
  const Asker* find(const IpAddress& inside) const;

 private:
  std::uint32_t number_of(const Asker& asker);

  struct Place {
    Asker asker = {};
    std::uint64_t used = 0;  // The greater the later.
  };
  std::map<Asker, std::uint32_t> numbers_ = {};
  std::map<std::uint32_t, Place> places_ = {};
  std::uint64_t clock_ = 0;
};

}  // namespace weft::services
