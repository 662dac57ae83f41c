// Between guests and the server of metadata: whoever asks gets an address of its own on the server's side, so that the
// port, and not an address that anybody can claim, says who asks. Pure, but for the memory of who has asked.
#pragma once

#include <map>
#include <optional>
#include <string>

#include "services/request.hpp"
#include "wire/subnet.hpp"

namespace weft::services {

// More askers at once take the place of those that were silent for longest, of the same port if that has its share.
inline constexpr std::uint32_t most_askers = 8192, most_askers_per_port = 256;
// But not of who was silent for less: its connections might go on, and their answers go to another. A new one is not
// heard then. Longer than any connection lives without a word (metadata_timeout_s in apps/metadata_server.hpp).
inline constexpr std::int64_t asker_rest_s = 30;
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
  struct Place {
    Asker asker = {};
    std::uint64_t used = 0;  // The greater the later.
    std::int64_t used_s = 0;
  };
  // None: there is no room now.
  std::optional<std::uint32_t> number_of(const Asker& asker, std::int64_t now_s);
  std::uint32_t free_number(const std::string& device) const;
  void use(std::uint32_t number, const Asker& asker, std::int64_t now_s);

  std::map<Asker, std::uint32_t> numbers_ = {};
  std::map<std::uint32_t, Place> places_ = {};
  std::map<std::string, std::map<std::uint64_t, std::uint32_t>> by_use_ = {};  // Numbers of a port, the latest last.
  std::uint64_t clock_ = 0;
};

}  // namespace weft::services
