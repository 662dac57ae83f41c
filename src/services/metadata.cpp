#include "services/metadata.hpp"

#include <algorithm>
#include <map>
#include <set>

#include "base/json.hpp"

namespace weft::services {
namespace {

constexpr std::string_view token = "weft-knows-the-port-and-needs-no-token";
constexpr std::string_view ec2_versions = "1.0\n2009-04-04\n2016-09-02\n2021-03-23\nlatest";
constexpr std::string_view openstack_versions = "2012-08-10\n2013-10-17\n2015-10-15\n2017-02-22\n2018-08-27\nlatest";
constexpr std::string_view availability_zone = "weft";

using Parts = std::vector<std::string_view>;

// Between slashes; empty ones are none. Without a query.
Parts parts_of(std::string_view target) {
  Parts parts;
  target = target.substr(0, target.find('?'));
  while (!target.empty()) {
    const auto part = target.substr(0, target.find('/'));
    if (!part.empty()) parts.push_back(part);
    target.remove_prefix(std::min(part.size() + 1, target.size()));
  }
  return parts;
}

// "latest", "1.0", or a date: whichever is asked for, it is the same.
bool is_version(std::string_view part) {
  if (part == "latest" || part == "1.0") return true;
  if (part.size() != 10) return false;
  for (std::size_t i = 0; i < part.size(); ++i) {
    const bool is_right = i == 4 || i == 7 ? part[i] == '-' : part[i] >= '0' && part[i] <= '9';
    if (!is_right) return false;
  }
  return true;
}

MetadataAnswer not_found() { return {.status = 404, .body = "404 - there is no such thing\n"}; }
MetadataAnswer text(std::string_view body) { return {.body = std::string(body)}; }
MetadataAnswer json_text(const json::value& value) {
  return {.content_type = "application/json", .body = to_text(value)};
}

std::string full_name(const Instance& instance) {
  return instance.domain.empty() ? instance.hostname : instance.hostname + "." + instance.domain;
}

std::string key_name(std::size_t index) { return fmt::format("key{}", index); }

// --- EC2 --------------------------------------------------------------------------------------------------------

// EC2's ids start so, and cirros goes on asking for 40 s where one does not.
constexpr std::string_view ec2_id_start = "i-";

std::string ec2_id(const Instance& instance) {
  return instance.id.starts_with(ec2_id_start) ? instance.id : fmt::format("{}{}", ec2_id_start, instance.id);
}

// Everything below meta-data, by path.
std::map<std::string, std::string> ec2_leaves(const Instance& instance) {
  std::map<std::string, std::string> leaves = {{"ami-launch-index", "0"},
                                               {"hostname", full_name(instance)},
                                               {"instance-id", ec2_id(instance)},
                                               {"instance-type", "weft"},
                                               {"local-hostname", full_name(instance)},
                                               {"mac", instance.mac.to_string()},
                                               {"placement/availability-zone", std::string(availability_zone)}};
  if (instance.address4) leaves["local-ipv4"] = instance.address4->to_string();
  if (instance.address6) leaves["ipv6"] = instance.address6->to_string();
  for (std::size_t i = 0; i < instance.ssh_keys.size(); ++i) {
    leaves[fmt::format("public-keys/{}/openssh-key", i)] = instance.ssh_keys[i];
  }
  return leaves;
}

// The names one below `folder`, which is empty or ends with a slash; folders among them end with one. Keys are told
// with their names, as EC2 has it: "0=key0".
std::string ec2_listing(const std::map<std::string, std::string>& leaves, const std::string& folder) {
  std::set<std::string> names;
  for (auto leaf = leaves.lower_bound(folder); leaf != leaves.end() && leaf->first.starts_with(folder); ++leaf) {
    const auto rest = std::string_view(leaf->first).substr(folder.size());
    const auto slash = rest.find('/');
    auto name = std::string(rest.substr(0, slash == std::string_view::npos ? slash : slash + 1));
    if (folder == "public-keys/") name = fmt::format("{0}=key{0}", rest.substr(0, slash));
    names.insert(std::move(name));
  }
  return fmt::format("{}", fmt::join(names, "\n"));
}

MetadataAnswer answer_ec2_leaf(const Parts& parts, const Instance& instance) {
  const auto leaves = ec2_leaves(instance);
  const auto path = fmt::format("{}", fmt::join(parts, "/"));
  if (const auto leaf = leaves.find(path); leaf != leaves.end()) return text(leaf->second);
  const auto listing = ec2_listing(leaves, path.empty() ? path : path + "/");
  return listing.empty() ? not_found() : text(listing);
}

// `parts` without the version.
MetadataAnswer answer_ec2(const Parts& parts, const Instance& instance) {
  const auto has_user_data = !instance.user_data.empty();
  if (parts.empty()) return text(has_user_data ? "meta-data\nuser-data" : "meta-data");
  if (parts[0] == "meta-data") return answer_ec2_leaf({parts.begin() + 1, parts.end()}, instance);
  if (parts[0] == "user-data" && parts.size() == 1 && has_user_data) return text(instance.user_data);
  return not_found();
}

// --- OpenStack --------------------------------------------------------------------------------------------------

json::object openstack_meta_data(const Instance& instance) {
  json::object public_keys;
  json::array keys;
  for (std::size_t i = 0; i < instance.ssh_keys.size(); ++i) {
    public_keys[key_name(i)] = instance.ssh_keys[i];
    keys.push_back(json::object{{"name", key_name(i)}, {"type", "ssh"}, {"data", instance.ssh_keys[i]}});
  }
  return {{"uuid", instance.id},
          {"name", instance.hostname},
          {"hostname", full_name(instance)},
          {"launch_index", 0},
          {"availability_zone", availability_zone},
          {"meta", json::object()},
          {"public_keys", std::move(public_keys)},
          {"keys", std::move(keys)}};
}

json::object openstack_network_data(const Instance& instance) {
  constexpr std::string_view link = "link0";
  json::object device{{"id", link}, {"type", "phy"}, {"ethernet_mac_address", instance.mac.to_string()}};
  if (instance.mtu_bytes) device["mtu"] = *instance.mtu_bytes;
  json::array networks, services;
  const auto add_network = [&](std::string_view type) {
    networks.push_back(json::object{
        {"id", fmt::format("network{}", networks.size())}, {"link", link}, {"type", type}, {"network_id", "weft"}});
  };
  if (instance.has_dhcp4) add_network("ipv4_dhcp");
  if (instance.has_dhcp6) add_network("ipv6_dhcpv6-stateful");
  if (instance.has_slaac) add_network("ipv6_slaac");
  for (const auto& server : instance.dns) {
    services.push_back(json::object{{"type", "dns"}, {"address", server.to_string()}});
  }
  return {
      {"links", json::array{std::move(device)}}, {"networks", std::move(networks)}, {"services", std::move(services)}};
}

// `parts` without "openstack".
MetadataAnswer answer_openstack(const Parts& parts, const Instance& instance) {
  if (parts.empty()) return text(openstack_versions);
  if (!is_version(parts[0]) || parts.size() > 2) return not_found();
  const auto has_user_data = !instance.user_data.empty();
  if (parts.size() == 1) {
    return text(has_user_data ? "meta_data.json\nnetwork_data.json\nuser_data\nvendor_data.json\nvendor_data2.json"
                              : "meta_data.json\nnetwork_data.json\nvendor_data.json\nvendor_data2.json");
  }
  const auto what = parts[1];
  if (what == "meta_data.json") return json_text(openstack_meta_data(instance));
  if (what == "network_data.json") return json_text(openstack_network_data(instance));
  if (what == "vendor_data.json" || what == "vendor_data2.json") return json_text(json::object());
  if (what == "user_data" && has_user_data) return text(instance.user_data);
  return not_found();
}

}  // namespace

MetadataAnswer answer_metadata(std::string_view method, std::string_view target, const Instance& instance) {
  if (target.size() > longest_metadata_path) return {.status = 414, .body = "414 - this path is too long\n"};
  const auto parts = parts_of(target);
  if (method == "PUT") return parts == parts_of(token_path) ? text(token) : not_found();
  if (method != "GET" && method != "HEAD") return {.status = 405, .body = "405 - only to be read\n"};
  if (parts.empty()) return text(ec2_versions);
  const Parts below(parts.begin() + 1, parts.end());
  if (parts[0] == "openstack") return answer_openstack(below, instance);
  return is_version(parts[0]) ? answer_ec2(below, instance) : not_found();
}

}  // namespace weft::services
