// The underlay, the firewall, and other switches, in our network namespace.
#include <dirent.h>
#include <fmt/format.h>
#include <ifaddrs.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <netinet/in.h>

#include <algorithm>
#include <filesystem>
#include <memory>

#include "base/directories.hpp"
#include "doctor/collect.hpp"
#include "doctor/host_files.hpp"
#include "kernel/links.hpp"
#include "kernel/routes.hpp"
#include "kernel/udp_port_holder.hpp"

namespace weft::doctor {
namespace {

using kernel::Links;
using kernel::NetlinkSocket;

// Somewhere else (RFC 5737, RFC 3849): for the default route.
constexpr std::string_view elsewhere4 = "198.51.100.1";
constexpr std::string_view elsewhere6 = "2001:db8::1";

std::string name_of(const Links& links, int ifindex) {
  const auto found = links.find(ifindex);
  return found != links.end() ? found->second.name : std::string();
}

std::optional<kernel::Route> route_to(NetlinkSocket& socket, const IpAddress& address, int ifindex = 0) {
  return kernel::find_route(socket, {.to = address, .ifindex = ifindex}).value_or(std::nullopt);
}

std::string default_device(NetlinkSocket& socket, const Links& links) {
  for (const auto address : {elsewhere4, elsewhere6}) {
    if (const auto route = route_to(socket, *IpAddress::parse(address))) return name_of(links, route->ifindex);
  }
  return {};
}

void read_addresses(UnderlayFacts& facts) {
  ifaddrs* first = nullptr;
  if (::getifaddrs(&first) != 0) return;
  const std::unique_ptr<ifaddrs, void (*)(ifaddrs*)> all(first, ::freeifaddrs);
  for (const auto* one = first; one != nullptr; one = one->ifa_next) {
    if (facts.device != one->ifa_name) continue;
    facts.has_multicast = (one->ifa_flags & IFF_MULTICAST) != 0;
    if (one->ifa_addr == nullptr) continue;
    std::optional<IpAddress> address;
    if (one->ifa_addr->sa_family == AF_INET) {
      address = IpAddress::from_bytes(&reinterpret_cast<const sockaddr_in*>(one->ifa_addr)->sin_addr, 4);
    } else if (one->ifa_addr->sa_family == AF_INET6) {
      address = IpAddress::from_bytes(&reinterpret_cast<const sockaddr_in6*>(one->ifa_addr)->sin6_addr, 16);
    }
    if (address && !address->is_link_local()) facts.addresses.push_back(*address);
  }
}

// The kernel takes the greater of the two (ip-sysctl: rp_filter).
std::optional<int> rp_filter_of(const std::string& device) {
  const auto of = [](const std::string& name) {
    return read_number(fmt::format("/proc/sys/net/ipv4/conf/{}/rp_filter", name));
  };
  const auto own = of(device);
  const auto all = of("all");
  return own && all ? std::max(own, all) : own;
}

// Devices in the datapath of Open vSwitch's module, all of which have one master.
std::vector<std::string> kernel_datapath_ports(NetlinkSocket& socket, const Links& links) {
  std::vector<std::string> ports;
  const auto datapath = std::ranges::find_if(links, [](const auto& link) { return link.second.name == "ovs-system"; });
  if (datapath == links.end()) return ports;
  kernel::NetlinkMessage message(RTM_GETLINK, NLM_F_DUMP);
  message.put_header<ifinfomsg>();
  (void)socket.query(message, "cannot list the devices", [&](const nlmsghdr* answer) {
    const auto* info = static_cast<const ifinfomsg*>(mnl_nlmsg_get_payload(answer));
    kernel::for_each_attribute(answer, sizeof(ifinfomsg), [&](const nlattr* attribute) {
      const bool is_port = mnl_attr_get_type(attribute) == IFLA_MASTER &&
                           static_cast<int>(mnl_attr_get_u32(attribute)) == datapath->first;
      if (is_port) ports.push_back(name_of(links, info->ifi_index));
    });
  });
  return ports;
}

std::optional<ProcessFacts> find_vswitchd() {
  std::error_code error;
  const auto ours = std::filesystem::read_symlink("/proc/self/ns/net", error);
  for (const auto& process : std::filesystem::directory_iterator("/proc", error)) {
    const auto path = process.path().string();
    if (read_text(path + "/comm") != "ovs-vswitchd\n") continue;
    std::error_code unseen;
    if (std::filesystem::read_symlink(path + "/ns/net", unseen) != ours) continue;
    return ProcessFacts{.id = std::stoi(process.path().filename().string()), .name = "ovs-vswitchd"};
  }
  return std::nullopt;
}

}  // namespace

UnderlayFacts collect_underlay(const Question& question) {
  UnderlayFacts facts{.device = question.device};
  auto socket = NetlinkSocket::open();
  if (!socket) return facts;
  const auto links = kernel::read_links(*socket).value_or(Links());
  const auto group_route = question.group ? route_to(*socket, *question.group) : std::nullopt;
  if (facts.device.empty() && group_route) facts.device = name_of(links, group_route->ifindex);
  if (facts.device.empty()) facts.device = default_device(*socket, links);
  const auto link = std::ranges::find_if(links, [&](const auto& one) { return one.second.name == facts.device; });
  if (link == links.end()) return facts;
  facts.exists = true;
  facts.is_up = link->second.link.admin_up && link->second.link.carrier;
  facts.mtu_bytes = link->second.link.mtu_bytes;
  read_addresses(facts);
  facts.rp_filter = rp_filter_of(facts.device);
  // A vxlan device that names its underlay device asks for a route by that one.
  if (question.group) {
    if (const auto route = route_to(*socket, *question.group, link->first)) {
      facts.group_device = name_of(links, route->ifindex);
      facts.has_group_source = route->source.has_value();
    }
  }
  return facts;
}

FirewallFacts collect_firewall() {
  FirewallFacts facts{.bridge_calls_iptables = read_number("/proc/sys/net/bridge/bridge-nf-call-iptables")};
  // While the module is not loaded there are no rules, and asking would load it.
  const bool may_have_rules = find_module("nf_tables") != Module::loadable;
  if (!may_have_rules) facts.nft = R"({"nftables": []})";
  if (may_have_rules && !find_program("nft").empty()) facts.nft = output_of("nft -j list ruleset");
  if (!find_program("iptables-save").empty()) facts.iptables = output_of("iptables-save");
  if (!find_program("ip6tables-save").empty()) facts.ip6tables = output_of("ip6tables-save");
  return facts;
}

SwitchFacts collect_other_switch(const Question& question) {
  SwitchFacts facts{.socket = run_directory() + "/db.sock", .vswitchd = find_vswitchd()};
  facts.server = find_server(facts.socket);
  auto socket = NetlinkSocket::open();
  if (!socket) return facts;
  const auto links = kernel::read_links(*socket).value_or(Links());
  facts.kernel_datapath_ports = kernel_datapath_ports(*socket, links);
  for (const auto& [ifindex, record] : links) {
    if (!record.link.vxlan) continue;
    const auto& vxlan = *record.link.vxlan;
    facts.vxlans.push_back({.device = record.name,
                            .vni = vxlan.vni,
                            .udp_port = vxlan.dst_port,
                            .is_up = record.link.admin_up,
                            .is_external = vxlan.is_external});
  }
  facts.udp_holder = kernel::udp_port_process(question.udp_port);
  return facts;
}

}  // namespace weft::doctor
