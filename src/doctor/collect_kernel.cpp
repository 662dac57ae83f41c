// The kernel: what it says of itself, and what it does when it is tried, in namespaces that nobody else sees.
#include <arpa/inet.h>
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <fcntl.h>
#include <linux/if_link.h>
#include <linux/if_tun.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <netinet/in.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <thread>

#include "base/unique_fd.hpp"
#include "doctor/collect.hpp"
#include "doctor/host_files.hpp"
#include "kernel/links.hpp"
#include "kernel/netlink_socket.hpp"
#include "kernel/tc_filter.hpp"

namespace weft::doctor {
namespace {

using Trials = std::map<std::string, Trial>;

constexpr std::uint32_t tried_vni = 1;
constexpr const char* tried_group = "239.0.0.1";

std::string reason(int error_number) { return std::strerror(error_number); }
std::string reason(const Result<>& outcome) { return outcome ? std::string() : outcome.error().details; }

UniqueFd load_program() {
  const std::array<bpf_insn, 2> program = {
      {{.code = BPF_ALU64 | BPF_MOV | BPF_K, .dst_reg = BPF_REG_0, .src_reg = 0, .off = 0, .imm = 0},
       {.code = BPF_JMP | BPF_EXIT, .dst_reg = 0, .src_reg = 0, .off = 0, .imm = 0}}};
  return UniqueFd(
      bpf_prog_load(BPF_PROG_TYPE_SCHED_CLS, "weft_doctor", "GPL", program.data(), program.size(), nullptr));
}

std::string try_bpf() {
  const UniqueFd map(bpf_map_create(BPF_MAP_TYPE_HASH, "weft_doctor", 4, 4, 1, nullptr));
  if (!map) return "a map: " + reason(errno);
  return load_program() ? std::string() : "a program: " + reason(errno);
}

// In the mount namespace of this thread.
std::string try_bpffs() { return ::mount("bpf", "/tmp", "bpf", 0, "mode=0700") == 0 ? std::string() : reason(errno); }

std::string try_device(const char* kind, const char* name) {
  auto socket = kernel::NetlinkSocket::open();
  if (!socket) return socket.error().details;
  kernel::NetlinkMessage message(RTM_NEWLINK, NLM_F_CREATE | NLM_F_EXCL);
  message.put_header<ifinfomsg>();
  auto* header = message.header();
  mnl_attr_put_strz(header, IFLA_IFNAME, name);
  auto* info = mnl_attr_nest_start(header, IFLA_LINKINFO);
  mnl_attr_put_strz(header, IFLA_INFO_KIND, kind);
  if (std::string_view(kind) == "vxlan") {
    auto* data = mnl_attr_nest_start(header, IFLA_INFO_DATA);
    mnl_attr_put_u32(header, IFLA_VXLAN_ID, tried_vni);
    mnl_attr_nest_end(header, data);
  }
  mnl_attr_nest_end(header, info);
  return reason(socket->request(message, "a device"));
}

// On the loopback device, which every namespace has.
std::string try_clsact() {
  const auto program = load_program();
  if (!program) return "a program: " + reason(errno);
  return reason(
      kernel::attach_filter(static_cast<int>(::if_nametoindex("lo")), kernel::port_filter, program.get(), "lo"));
}

std::string try_tun() {
  const UniqueFd tun(::open("/dev/net/tun", O_RDWR | O_CLOEXEC));
  if (!tun) return "/dev/net/tun: " + reason(errno);
  ifreq request{};
  request.ifr_flags = IFF_TAP | IFF_NO_PI;
  return ::ioctl(tun.get(), TUNSETIFF, &request) == 0 ? std::string() : reason(errno);
}

std::string try_multicast() {
  const UniqueFd socket(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  ip_mreqn membership{};
  ::inet_pton(AF_INET, tried_group, &membership.imr_multiaddr);
  membership.imr_ifindex = static_cast<int>(::if_nametoindex("lo"));
  const int outcome = ::setsockopt(socket.get(), IPPROTO_IP, IP_ADD_MEMBERSHIP, &membership, sizeof membership);
  return outcome == 0 ? std::string() : reason(errno);
}

Trial unless_it_loads(const std::string& module, const std::function<std::string()>& attempt) {
  Trial trial{.module = find_module(module)};
  if (trial.module == Module::loadable) return trial;
  trial.error = attempt();
  return trial;
}

// Called by a thread that ends afterwards: its namespaces, and all that is in them, end with it.
Trials try_everything() {
  Trials trials;
  if (::unshare(CLONE_NEWNET | CLONE_NEWNS | CLONE_NEWUTS) != 0) {
    trials["namespaces"] = {.error = reason(errno)};
    return trials;
  }
  trials["namespaces"] = {};
  const bool is_private = ::mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) == 0;
  trials["bpf"] = {.error = try_bpf()};
  trials["bpffs"] = {.error = is_private ? try_bpffs() : reason(errno)};
  trials["clsact"] = unless_it_loads(
      "cls_bpf", [] { return find_module("sch_ingress") == Module::loadable ? std::string() : try_clsact(); });
  trials["veth"] = unless_it_loads("veth", [] { return try_device("veth", "weft-try0"); });
  trials["vxlan"] = unless_it_loads("vxlan", [] { return try_device("vxlan", "weft-try1"); });
  trials["bridge"] = unless_it_loads("bridge", [] { return try_device("bridge", "weft-try2"); });
  trials["tun"] = unless_it_loads("tun", try_tun);
  trials["multicast"] = {.error = try_multicast()};
  return trials;
}

std::uint64_t effective_capabilities() {
  const auto status = read_text("/proc/self/status").value_or("");
  const auto place = status.find("CapEff:");
  return place == std::string::npos ? 0 : std::strtoull(status.c_str() + place + 7, nullptr, 16);
}

}  // namespace

KernelFacts collect_kernel() {
  utsname system{};
  ::uname(&system);
  KernelFacts facts{.release = system.release,
                    .is_root = ::geteuid() == 0,
                    .capabilities = effective_capabilities(),
                    .bpf_jit = read_number("/proc/sys/net/core/bpf_jit_enable")};
  if (facts.is_root) {
    libbpf_set_print(nullptr);  // The reasons are in what we return.
    std::thread([&] { facts.trials = try_everything(); }).join();
  }
  return facts;
}

}  // namespace weft::doctor
