#include "kernel/private_tun.hpp"

#include <arpa/inet.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <linux/if.h>
#include <linux/if_tun.h>
#include <linux/rtnetlink.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include <cerrno>
#include <cstring>

#include "kernel/link_change.hpp"
#include "kernel/links.hpp"
#include "kernel/netns.hpp"
#include "kernel/system_error.hpp"

namespace weft::kernel {
namespace {

constexpr const char* device = "weft";
constexpr int backlog = 64;
constexpr unsigned silence_ms = 10'000;

Result<UniqueFd> make_tun() {
  UniqueFd fd(::open("/dev/net/tun", O_RDWR | O_CLOEXEC | O_NONBLOCK));
  if (!fd) return fail_with_errno(errno, "cannot open /dev/net/tun (is the module tun there?)");
  ifreq request{};
  std::strncpy(request.ifr_name, device, sizeof request.ifr_name - 1);
  request.ifr_flags = IFF_TUN | IFF_NO_PI;
  if (::ioctl(fd.get(), TUNSETIFF, &request) != 0) return fail_with_errno(errno, "cannot make a TUN device");
  return fd;
}

Result<> add_address(NetlinkSocket& socket, int ifindex, const IpAddress& address) {
  NetlinkMessage message(RTM_NEWADDR, NLM_F_CREATE | NLM_F_EXCL);
  auto* header = message.put_header<ifaddrmsg>();
  header->ifa_family = AF_INET;
  header->ifa_prefixlen = 32;
  header->ifa_index = static_cast<std::uint32_t>(ifindex);
  const auto bytes = address.v4();
  mnl_attr_put(message.header(), IFA_LOCAL, bytes.size(), bytes.data());
  return socket.request(message, "cannot give the TUN device its address");
}

Result<> add_route(NetlinkSocket& socket, int ifindex, const Subnet& to) {
  NetlinkMessage message(RTM_NEWROUTE, NLM_F_CREATE | NLM_F_EXCL);
  auto* header = message.put_header<rtmsg>();
  header->rtm_family = AF_INET;
  header->rtm_dst_len = to.prefix_bits();
  header->rtm_table = RT_TABLE_MAIN;
  header->rtm_protocol = RTPROT_STATIC;
  header->rtm_scope = RT_SCOPE_LINK;
  header->rtm_type = RTN_UNICAST;
  const auto bytes = to.first().v4();
  mnl_attr_put(message.header(), RTA_DST, bytes.size(), bytes.data());
  mnl_attr_put_u32(message.header(), RTA_OIF, static_cast<std::uint32_t>(ifindex));
  return socket.request(message, "cannot give the TUN device its route");
}

Result<UniqueFd> listen_at(const IpAddress& address, std::uint16_t port) {
  const auto what = fmt::format("cannot listen at {} port {}", address.to_string(), port);
  UniqueFd fd(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  if (!fd) return fail_with_errno(errno, what);
  sockaddr_in at{};
  at.sin_family = AF_INET;
  at.sin_port = htons(port);
  // Of connections that it accepts: who takes nothing for so long is given up, also when they are closed here.
  (void)::setsockopt(fd.get(), IPPROTO_TCP, TCP_USER_TIMEOUT, &silence_ms, sizeof silence_ms);
  const auto bytes = address.v4();
  std::memcpy(&at.sin_addr, bytes.data(), bytes.size());
  if (::bind(fd.get(), reinterpret_cast<const sockaddr*>(&at), sizeof at) != 0 || ::listen(fd.get(), backlog) != 0) {
    return fail_with_errno(errno, what);
  }
  return fd;
}

// The calling thread is in the new namespace.
Result<PrivateTun> open_here(const IpAddress& address, std::uint16_t port, const Subnet& peers) {
  PrivateTun tun{.packets = TRY(make_tun())};
  auto socket = TRY(NetlinkSocket::open());
  const auto record = TRY(read_link(socket, std::string(device)));
  const auto ifindex = record.link.ifindex;
  silence_ipv6(socket, ifindex);
  TRY(set_mtu(socket, ifindex, private_tun_mtu_bytes, device));
  TRY(add_address(socket, ifindex, address));
  TRY(set_admin_state(socket, ifindex, true, device));
  TRY(add_route(socket, ifindex, peers));
  tun.listener = TRY(listen_at(address, port));
  return tun;
}

}  // namespace

Result<PrivateTun> PrivateTun::open(const IpAddress& address, std::uint16_t port, const Subnet& peers) {
  const auto home = TRY(open_netns("/proc/thread-self/ns/net"));
  if (::unshare(CLONE_NEWNET) != 0) return fail_with_errno(errno, "cannot make a network namespace");
  auto tun = open_here(address, port, peers);
  // Carrying on there would leave the switch without its devices.
  CHECK(::setns(home.get(), CLONE_NEWNET) == 0);
  return tun;
}

}  // namespace weft::kernel
