#include "prober/local_endpoint.hpp"

#include <fcntl.h>
#include <ifaddrs.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <net/if_arp.h>
#include <netinet/in.h>
#include <sched.h>
#include <sys/ioctl.h>

#include <algorithm>
#include <array>
#include <bit>
#include <memory>

#include "base/check.hpp"
#include "base/system_error.hpp"

namespace weft::prober {
namespace {

struct Device {
  std::string name = {};
  int index = 0;
  MacAddress mac = {};
  unsigned flags = 0;
  std::vector<InterfaceAddress> addresses = {};
};

std::optional<IpAddress> address_of(const sockaddr* address) {
  if (address->sa_family == AF_INET) {
    return IpAddress::from_bytes(&reinterpret_cast<const sockaddr_in*>(address)->sin_addr, 4);
  }
  if (address->sa_family == AF_INET6) {
    return IpAddress::from_bytes(&reinterpret_cast<const sockaddr_in6*>(address)->sin6_addr, 16);
  }
  return std::nullopt;
}

// Of a mask, which is a run of ones.
std::uint8_t prefix_bits(const sockaddr* mask) {
  const auto address = address_of(mask);
  if (!address) return 0;
  int bits = 0;
  if (address->is_v4()) {
    for (const auto byte : address->v4()) bits += std::popcount(byte);
  } else {
    for (const auto byte : address->mapped()) bits += std::popcount(byte);
  }
  return static_cast<std::uint8_t>(bits);
}

// The Ethernet devices of the namespace that we are in.
std::vector<Device> devices() {
  ifaddrs* list = nullptr;
  if (::getifaddrs(&list) != 0) return {};
  const std::unique_ptr<ifaddrs, decltype(&::freeifaddrs)> owner(list, ::freeifaddrs);
  std::vector<Device> devices;
  for (const auto* entry = list; entry != nullptr; entry = entry->ifa_next) {
    if (entry->ifa_addr == nullptr || entry->ifa_addr->sa_family != AF_PACKET) continue;
    const auto* link = reinterpret_cast<const sockaddr_ll*>(entry->ifa_addr);
    if (link->sll_hatype != ARPHRD_ETHER) continue;
    std::array<std::uint8_t, 6> mac{};
    std::copy_n(link->sll_addr, mac.size(), mac.begin());
    devices.push_back({entry->ifa_name, link->sll_ifindex, MacAddress(mac), entry->ifa_flags});
  }
  for (const auto* entry = list; entry != nullptr; entry = entry->ifa_next) {
    if (entry->ifa_addr == nullptr || entry->ifa_netmask == nullptr) continue;
    for (auto& device : devices) {
      const auto address = address_of(entry->ifa_addr);
      if (address && device.name == entry->ifa_name)
        device.addresses.push_back({*address, prefix_bits(entry->ifa_netmask)});
    }
  }
  return devices;
}

bool has(const Device& device, const std::optional<IpAddress>& address) {
  return address && std::ranges::find(device.addresses, *address, &InterfaceAddress::address) != device.addresses.end();
}

// By its MAC address, or by what an operator may have left of the rest.
const Device* choose(const std::vector<Device>& devices, const Endpoint& expected) {
  for (const auto& device : devices) {
    if (device.mac == expected.mac) return &device;
  }
  for (const auto& device : devices) {
    if (has(device, expected.address4) || has(device, expected.address6)) return &device;
  }
  return devices.size() == 1 ? &devices.front() : nullptr;
}

std::uint32_t mtu_of(const std::string& device) {
  const UniqueFd socket(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  ifreq request{};
  device.copy(request.ifr_name, IFNAMSIZ - 1);
  return ::ioctl(socket.get(), SIOCGIFMTU, &request) == 0 ? static_cast<std::uint32_t>(request.ifr_mtu) : 0;
}

}  // namespace

LocalEndpoint::LocalEndpoint(std::uint32_t number, const Endpoint& expected) {
  found_.endpoint = number;
  netns_.reset(::open(expected.netns.c_str(), O_RDONLY | O_CLOEXEC));
  if (!netns_) {
    found_.trouble = fmt::format("its network namespace {} is not there", expected.netns);
    return;
  }
  if (::setns(netns_.get(), CLONE_NEWNET) != 0) {
    found_.trouble =
        fmt::format("its network namespace {} cannot be entered: {}", expected.netns, std::strerror(errno));
    return;
  }
  look(expected);
}

void LocalEndpoint::enter() const { CHECK(::setns(netns_.get(), CLONE_NEWNET) == 0); }

void LocalEndpoint::look(const Endpoint& expected) {
  const auto all = devices();
  const auto* device = choose(all, expected);
  if (device == nullptr) {
    found_.trouble = fmt::format("it has no device with the address {}", expected.mac.to_string());
    return;
  }
  device_index_ = device->index;
  found_.device = device->name;
  found_.mac = device->mac;
  found_.mtu_bytes = mtu_of(device->name);
  found_.is_up = (device->flags & IFF_UP) != 0;
  found_.has_carrier = (device->flags & IFF_RUNNING) != 0;
  found_.addresses = device->addresses;
}

}  // namespace weft::prober
