// What instances ask at 169.254.169.254, in the manner of EC2 and of OpenStack: a path in, a text out. Read by
// cloud-init, cirros and their like, which wait for minutes where nobody answers.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "wire/ip_address.hpp"
#include "wire/mac_address.hpp"

namespace weft::services {

// Of the instance that asks.
struct Instance {
  std::string id = {};        // Never empty.
  std::string hostname = {};  // Never empty; without a domain.
  std::string domain = {};
  MacAddress mac = {};
  std::optional<IpAddress> address4 = {}, address6 = {};
  bool has_dhcp4 = false, has_dhcp6 = false, has_slaac = false;
  std::optional<std::uint32_t> mtu_bytes = {};
  std::vector<IpAddress> dns = {};
  std::vector<std::string> ssh_keys = {};
  std::string user_data = {};
};

struct MetadataAnswer {
  int status = 200;  // Of HTTP.
  std::string content_type = "text/plain";
  std::string body = {};
};

inline constexpr std::size_t longest_metadata_path = 1024;

// EC2's token (IMDSv2): whoever wants one gets this, and nobody needs it: the port says who asks.
inline constexpr std::string_view token_path = "/latest/api/token";
inline constexpr std::string_view token_lifetime_header = "X-Aws-Ec2-Metadata-Token-Ttl-Seconds";

// `method`: "GET", "HEAD" or "PUT"; `target` as in the request line.
MetadataAnswer answer_metadata(std::string_view method, std::string_view target, const Instance& instance);

}  // namespace weft::services
