#include "kernel/kernel_host.hpp"

#include <fmt/format.h>

#include "base/coverage.hpp"
#include "base/log.hpp"
#include "kernel/bpffs.hpp"
#include "kernel/candidates.hpp"
#include "kernel/system_error.hpp"

namespace weft::kernel {
namespace {

const LogModule log("kernel");
EventCounter carried_out("kernel_step");
EventCounter failed("kernel_step_failed");

}  // namespace

Result<std::unique_ptr<KernelHost>> KernelHost::open(const std::string& run_dir) {
  const auto bpffs_directory = run_dir + "/bpf";
  TRY(mount_bpffs(bpffs_directory));
  auto news = TRY(NewsSocket::open());
  auto netlink = TRY(NetlinkSocket::open());
  auto datapath = TRY(Datapath::open(bpffs_directory));
  auto punts = TRY(Punts::open(datapath.map_fd("punts")));
  std::unique_ptr<KernelHost> host(
      new KernelHost(bpffs_directory, std::move(news), std::move(netlink), std::move(datapath), std::move(punts)));
  TRY(host->adopt());
  return host;
}

KernelHost::KernelHost(std::string bpffs_directory, NewsSocket news, NetlinkSocket netlink, Datapath datapath,
                       Punts punts)
    : bpffs_directory_(std::move(bpffs_directory)),
      news_(std::move(news)),
      netlink_(std::move(netlink)),
      datapath_(std::move(datapath)),
      ports_(datapath_.ports(), datapath_.bridges()),
      slots_(datapath_.port_slots_fd(), datapath_.near_slots_fd()),
      fast_path_(datapath_.tunnels_fd(), datapath_.remotes_fd(), datapath_.underlays_fd()),
      services_(datapath_.map_fd("served"), datapath_.map_fd("neighbours"), datapath_.map_fd("guests")),
      punts_(std::move(punts)) {}

// A process that was killed may have left a port half entered: then it is as if it had never been.
Result<> KernelHost::adopt() {
  const auto slots = TRY(slots_.read());
  ports_.repair([&](Slot slot) {
    const auto entered = slots.find(ports_.port(slot).ifindex);
    return entered != slots.end() && entered->second == slot;
  });
  for (const auto& [ifindex, slot] : slots) {
    const bool is_valid = ports_.is_in_use(slot) && ports_.port(slot).ifindex == ifindex;
    if (!is_valid) slots_.forget(ifindex);
    if (is_valid) TRY(slots_.enter(ifindex, slot));  // One that was killed may have entered it in one map only.
  }
  for (const auto id : ports_.bridges_in_use()) {
    TRY(fit_candidates(datapath_.candidates_fd(), datapath_.fdb_fd(), id, ports_.bridge(id).max_addresses));
  }
  TRY(fast_path_.adopt(ports_));
  TRY(services_.adopt(ports_));
  datapath_.forget_ways();  // Who knows what has changed while nobody listened.
  return sweep();
}

Result<> KernelHost::apply(const plan::Step& step) {
  auto done = std::visit([this](const auto& kind) { return carry_out(kind); }, step);
  (done ? carried_out : failed).count();
  return done;
}

Result<> KernelHost::sweep() {
  auto held = TRY(sweep_addresses(datapath_.fdb_fd(), ports_));
  const auto doubt = [&](const HeldAddress& address) {
    for (const auto slot : {address.port, address.other_port}) {
      if (ports_.is_in_use(slot)) changed_ports_.insert(static_cast<int>(ports_.port(slot).ifindex));
    }
  };
  for (const auto& address : held_) {
    if (!held.contains(address)) doubt(address);
  }
  for (const auto& address : held) {
    if (held_.contains(address)) continue;
    doubt(address);
    log.warning(
        "{}: {} in VLAN {} moves between {} and {} too fast and is held to the first for a while; is there a loop?",
        ports_.bridge(address.bridge).name, address.mac.to_string(), address.vlan, name_of_slot(address.port),
        name_of_slot(address.other_port));
  }
  held_ = std::move(held);
  return {};
}

bool KernelHost::take_requests(const std::function<void(const ServiceRequest&)>& take_one) {
  return punts_.take([&](const Punt& punt) {
    if (!ports_.is_in_use(punt.port) || ports_.port(punt.port).bridge != punt.bridge) return;  // It has left.
    take_one({.bridge = ports_.bridge(punt.bridge).name,
              .device = name_of_slot(punt.port),
              .vlan = punt.vlan,
              .service = punt.service,
              .frame = punt.frame});
  });
}

Result<> KernelHost::send_frame(const std::string& device, std::uint16_t vlan, ByteView frame) const {
  const auto slot = find_port(device);
  if (slot == 0) return fail(std::string(no_such_device), fmt::format("{}: it is not a port of any bridge", device));
  return punts_.send(ports_.port(slot), vlan, frame, device);
}

Result<> KernelHost::release() {
  if (!ports_.bridges_in_use().empty()) return {};
  return unmount_bpffs(bpffs_directory_);
}

}  // namespace weft::kernel
