#include "topology/keys.hpp"

#include <algorithm>
#include <array>

#include "base/check.hpp"
#include "topology/limits.hpp"

namespace weft::topology {
namespace {

constexpr std::uint32_t mtu_min = 576, mtu_max = 65'535;
constexpr ValueRule mtu_rule = {ValueKind::number, Many::no, mtu_min, mtu_max};
constexpr ValueRule yes_no_rule = {ValueKind::yes_no};
constexpr ValueRule label_rule = {ValueKind::label};
constexpr ValueRule labels_rule = {ValueKind::label, Many::yes};
constexpr ValueRule device_rule = {ValueKind::device};
constexpr ValueRule text_rule = {ValueKind::text};
constexpr ValueRule texts_rule = {ValueKind::text, Many::yes};

constexpr ValueRule number_rule(std::uint32_t min, std::uint32_t max) {
  return {ValueKind::number, Many::no, min, max};
}

constexpr auto name_key = std::to_array<Key>({
    {"name", label_rule, "The lab's name; without it, the file's name without its ending"},
});

constexpr auto underlay_keys = std::to_array<Key>({
    {"subnet",
     {ValueKind::subnet4},
     "IPv4 addresses of the simulated hosts, by their order; 172.31.99.0/24 by default"},
    {"subnet6", {ValueKind::subnet6}, "IPv6 addresses of the simulated hosts; alone, the underlay has no IPv4"},
    {"mtu", mtu_rule, "MTU of the simulated hosts' underlay devices; 1500 by default"},
});

constexpr auto host_keys = std::to_array<Key>({
    {"ssh", {ValueKind::ssh_target}, "A real host, reached so; without it the host is simulated on this machine"},
    {"switch", {ValueKind::choice, Many::no, 0, 0, "weft openvswitch linux-bridge"}, "What switches; weft by default"},
    {"device", device_rule, "The underlay's device; eth0 by default"},
    {"underlay", {ValueKind::interface, Many::yes}, "The host's addresses in the underlay"},
    {"mtu", mtu_rule, "MTU of the underlay's device"},
    {"count", number_rule(1, hosts_max), "So many hosts, with 1, 2, ... after the name"},
});

constexpr auto network_keys = std::to_array<Key>({
    {"vni", number_rule(1, (1U << 24U) - 1), "VXLAN network identifier (RFC 7348)"},
    {"group", {ValueKind::multicast}, "Multicast group that carries what goes to many"},
    {"remotes", {ValueKind::choice, Many::no, 0, 0, "all"}, "Instead of a group: every host sends to all others"},
    {"kind",
     {ValueKind::choice, Many::no, 0, 0, "device port"},
     "device: a vxlan device of the kernel that becomes a port; port: a port of type=vxlan"},
    {"tunnel", device_rule, "The tunnel's name; vxlan0 of the first network, vxlanVNI of the others"},
    {"udp-port", number_rule(1, 65'535), "4789 by default"},
    {"bridge", device_rule,
     "Networks with one bridge share its tunnel; lu-br0 of the first network, br-NAME of the others"},
    {"vlan", number_rule(1, 4094), "VLAN of the network on its bridge; without it, untagged"},
    {"subnet", {ValueKind::subnet4}, "The endpoints' IPv4 addresses"},
    {"subnet6", {ValueKind::subnet6}, "The endpoints' IPv6 addresses"},
    {"router", {ValueKind::address4}, "Told to the endpoints by DHCP"},
    {"router6", {ValueKind::address6}, "Told to the endpoints by router advertisements"},
    {"dns", {ValueKind::any_address, Many::yes}, "Name servers, told to the endpoints"},
    {"mtu", mtu_rule, "Of the endpoints; without it, what the tunnel carries"},
    {"dhcp", yes_no_rule, "weftd answers DHCP and router solicitations; true by default"},
    {"metadata", yes_no_rule, "weftd answers at 169.254.169.254; true by default"},
    {"port-security", yes_no_rule, "An endpoint sends from its own addresses only; false by default"},
});

// Of containers and VMs alike.
constexpr auto place_keys = std::to_array<Key>({
    {"host", label_rule, "Where it is; may be left out where there is one host"},
    {"hosts", labels_rule, "Of a group: where its members are, in turn; all by default"},
    {"count", number_rule(1, endpoints_max), "A group of so many, with 1, 2, ... after the name"},
    {"per-host", number_rule(1, endpoints_max), "A group of so many on each of its hosts"},
    {"network", label_rule, "May be left out where there is one network"},
    {"address6", {ValueKind::address6}, "IPv6; of a group, the first one's. Without it, by order"},
    {"mac", {ValueKind::mac}, "Made from the names where it is left out"},
    {"port", device_rule, "The device on the host that is the bridge's port; without it, the endpoint's name"},
});

template <std::size_t N, std::size_t M>
constexpr std::array<Key, N + M> join(const std::array<Key, N>& first, const std::array<Key, M>& second) {
  std::array<Key, N + M> all{};
  std::ranges::copy(first, all.begin());
  std::ranges::copy(second, all.begin() + N);
  return all;
}

constexpr auto container_keys =
    join(place_keys, std::to_array<Key>({
                         {"address",
                          {ValueKind::container_address},
                          "IPv4; of a group, the first one's; dhcp: asks for it. Without it, by order"},
                         {"image", text_rule, "Run by podman; without image and rootfs, a bare network namespace"},
                         {"rootfs", {ValueKind::url_or_path}, "A directory that podman runs"},
                         {"command", texts_rule, "Instead of the image's own: words, or a line for the shell"},
                         {"environment", {ValueKind::environment}, "Variables of the command"},
                     }));

constexpr auto vm_keys = join(
    place_keys, std::to_array<Key>({
                    {"address",
                     {ValueKind::address4},
                     "IPv4, which it gets by DHCP; of a group, the first one's. Without it, by order"},
                    {"image",
                     {ValueKind::url_or_path},
                     "Disk image: a path on this machine or a URL. Without it, a small Linux of this machine's kernel"},
                    {"sha256", {ValueKind::sha256}, "Checksum of the image; a URL needs it"},
                    {"memory", {ValueKind::memory}, "256M by default"},
                    {"vcpus", number_rule(1, 128), "1 by default"},
                    {"user-data", text_rule, "For cloud-init: the text itself"},
                    {"user-data-file", {ValueKind::url_or_path}, "For cloud-init: the file that has it"},
                    {"ssh-keys", texts_rule, "Public keys, or the files that have them"},
                    {"login", text_rule, "Of the console, where verify has to look inside"},
                    {"password", text_rule, "Of the console"},
                }));

constexpr auto link_keys = std::to_array<Key>({
    {"endpoints", {ValueKind::link_end, Many::yes}, "Two: a wire; more: a switch", true},
    {"mtu", mtu_rule, "Of all its devices"},
});

constexpr auto all_sections = std::to_array<Section>({
    {"underlay", "the underlay", Shape::one, underlay_keys, "What simulated hosts have in common"},
    {"hosts", "a host", Shape::named, host_keys, "Machines that carry containers and virtual machines", true, true},
    {"networks", "a network", Shape::named, network_keys, "Ethernet networks over the hosts", false, true},
    {"containers", "a container", Shape::named, container_keys, "Network namespaces, with programs in them or bare",
     false, true},
    {"vms", "a virtual machine", Shape::named, vm_keys, "Virtual machines", false, true},
    {"links", "a link", Shape::list, link_keys, "Wires between simulated hosts; without it, one segment for all"},
});

}  // namespace

std::span<const Key> top_keys() { return name_key; }

std::span<const Section> sections() { return all_sections; }

const Section& section(std::string_view name) {
  const auto* found = std::ranges::find(all_sections, name, &Section::name);
  CHECK(found != all_sections.end());
  return *found;
}

}  // namespace weft::topology
