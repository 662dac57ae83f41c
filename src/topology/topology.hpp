// A lab as its file describes it, with every count unrolled, every default filled in and every address given: plain
// values, the same from the same file on every machine.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "wire/ip_address.hpp"
#include "wire/mac_address.hpp"
#include "wire/subnet.hpp"

namespace weft::topology {

enum class SwitchKind : std::uint8_t { weft, openvswitch, linux_bridge };

// A machine that carries containers and virtual machines.
struct Host {
  std::string name = {};
  std::string ssh = {};  // "user@address" or "ssh://user@address:port"; empty: simulated on this machine.
  SwitchKind switch_kind = SwitchKind::weft;
  std::string device = "eth0";                  // The underlay's.
  std::vector<InterfaceAddress> underlay = {};  // Simulated: given to the device. Real: what the tunnels are told.
  std::uint32_t mtu_bytes = 1500;               // Of the underlay's device, where it is simulated.

  bool is_simulated() const { return ssh.empty(); }
  bool operator==(const Host&) const = default;
};

// How an overlay is carried between the hosts.
struct Tunnel {
  // device: a kernel vxlan device that becomes a port, as in the tutorial; port: Weft's own, type=vxlan.
  enum class Kind : std::uint8_t { device, port };
  Kind kind = Kind::device;
  std::string name = "vxlan0";
  std::uint32_t vni = 0;
  std::uint16_t udp_port = 4789;
  std::optional<IpAddress> group = {};  // None: each host has all the others as remotes.
  bool is_over_ipv6 = false;

  bool operator==(const Tunnel&) const = default;
};

// One Ethernet network of endpoints. Networks with the same bridge differ by VLAN and share its tunnel.
struct Network {
  std::string name = {};
  std::string bridge = {};
  std::optional<Tunnel> tunnel = {};  // Of the bridge; the same in all networks that share it. None: single host.
  std::uint16_t vlan = 0;             // 0: untagged.
  std::optional<Subnet> subnet4 = {}, subnet6 = {};
  std::optional<IpAddress> router4 = {}, router6 = {};
  std::vector<IpAddress> dns = {};
  std::uint32_t mtu_bytes =
      0;  // Of the endpoints' devices; never 0 once read: what the tunnel carries, where nothing is said.
  bool has_dhcp = true;      // weftd answers DHCP and router solicitations,
  bool has_metadata = true;  // and requests to 169.254.169.254.
  bool has_port_security = false;

  bool operator==(const Network&) const = default;
};

// An endpoint's place in a network.
struct Attachment {
  std::string network = {};
  MacAddress mac = {};  // Made from the lab's and the endpoint's name, where the file has none.
  std::optional<IpAddress> address4 = {}, address6 = {};  // Within the network's subnets.
  bool asks_for_address = false;                          // By DHCP; then it gets the addresses above.
  std::string port = {};  // The device in the host, at most 15 bytes; unique on its host.

  bool operator==(const Attachment&) const = default;
};

struct Container {
  std::string name = {};  // Unique in the lab, also among virtual machines; its hostname and its namespace's name.
  std::string host = {};
  Attachment attachment = {};
  std::string image = {};                 // Run by podman; empty, as rootfs: a bare network namespace.
  std::string rootfs = {};                // A directory on the host.
  std::vector<std::string> command = {};  // Of image or rootfs; empty: the image's own.
  std::map<std::string, std::string> environment = {};

  bool operator==(const Container&) const = default;
};

struct VirtualMachine {
  std::string name = {};
  std::string host = {};
  Attachment attachment = {};
  std::string image = {};   // Path, or an http(s) URL; empty: a small Linux made of the machine's kernel and busybox.
  std::string sha256 = {};  // Of the image, 64 hexadecimal digits; required with a URL.
  std::uint32_t memory_mib = 256;
  std::uint32_t vcpus = 1;
  std::string user_data = {};  // The text for cloud-init; empty: none.
  std::vector<std::string> ssh_keys = {};
  std::string login = {}, password = {};  // For the console, where verify has to ask in the guest.

  bool operator==(const VirtualMachine&) const = default;
};

// One end of an underlay wire: "host1:eth0".
struct LinkEnd {
  std::string host = {};
  std::string device = {};
  bool operator==(const LinkEnd&) const = default;
};
// Simulated hosts' underlay devices that share one segment: two ends are a wire, more a switch; a single one, in a lab
// of one host, too.
struct Link {
  std::vector<LinkEnd> ends = {};
  std::uint32_t mtu_bytes = 1500;
  bool operator==(const Link&) const = default;
};

// By endpoint, the addresses that it has where the lab stands already. It keeps them where the file names none.
using KnownAddresses = std::map<std::string, std::vector<IpAddress>>;

struct Topology {
  std::string name = {};  // A DNS label: lower case letters, digits, hyphens; at most 40 bytes.
  std::string file = {};  // Where it was read; for messages.
  std::vector<Host> hosts = {};
  std::vector<Network> networks = {};
  std::vector<Link> links = {};
  std::vector<Container> containers = {};
  std::vector<VirtualMachine> machines = {};

  bool operator==(const Topology&) const = default;
};

}  // namespace weft::topology
