// The real Host: the network namespace of the calling thread, and a datapath whose maps are pinned below the run
// directory. Opening one where another process left off adopts everything: no device, filter or map is made anew.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "kernel/address_table.hpp"
#include "kernel/counters.hpp"
#include "kernel/datapath.hpp"
#include "kernel/internal_device.hpp"
#include "kernel/netlink_socket.hpp"
#include "kernel/port_table.hpp"
#include "reconcile/host.hpp"

namespace weft::kernel {

class KernelHost final : public reconcile::Host {
 public:
  // `run_dir` exists. Two hosts must not share one: the caller holds the lock.
  static Result<std::unique_ptr<KernelHost>> open(const std::string& run_dir);

  Result<model::Observed> observe() override;
  Result<> apply(const plan::Step& step) override;

  // Every few seconds: makes room for new addresses. The datapath works without it until the table is full.
  Result<> sweep();
  // Address::bridge and Address::port are resolved by ports().
  Result<std::vector<Address>> addresses() const { return read_addresses(datapath_.fdb_fd(), ports_); }
  Result<> flush_addresses(std::optional<BridgeId> bridge) {
    return kernel::flush_addresses(datapath_.fdb_fd(), bridge);
  }
  Result<> put_static_address(const Address& address) {
    return kernel::put_static_address(datapath_.fdb_fd(), address);
  }
  Result<bool> remove_static_address(BridgeId bridge, std::uint16_t vlan, const MacAddress& mac) {
    return kernel::remove_static_address(datapath_.fdb_fd(), bridge, vlan, mac);
  }
  Result<std::vector<DropCount>> drops() const { return read_drops(datapath_.drops_fd()); }
  const PortTable& ports() const { return ports_; }

  // At a clean stop: where there is no bridge, nothing of us stays in the kernel. Else everything stays and works.
  Result<> release();

 private:
  KernelHost(std::string bpffs_directory, NetlinkSocket netlink, Datapath datapath);
  Result<> adopt();

  Result<> carry_out(const plan::DetachPort& step);
  Result<> carry_out(const plan::DeleteBridge& step);
  Result<> carry_out(const plan::DeleteInternal& step);
  Result<> carry_out(const plan::CreateInternal& step);
  Result<> carry_out(const plan::CreateBridge& step);
  Result<> carry_out(const plan::SetBridge& step);
  Result<> carry_out(const plan::AttachPort& step);
  Result<> carry_out(const plan::SetPort& step);
  Result<> carry_out(const plan::SetMtu& step);
  Result<> carry_out(const plan::SetMac& step);
  Result<> carry_out(const plan::SetAdminState& step);

  // A device, and the device of the pair that carries the filter: the same, but for internal ones.
  struct Ends {
    LinkRecord device;
    LinkRecord carrier;
    bool is_internal() const { return device.link.ifindex != carrier.link.ifindex; }
  };
  Result<Ends> read_ends(const std::string& device);
  Result<BridgeId> require_bridge(const std::string& name) const;
  Result<Slot> enter_port(const weft_port& wanted);
  Result<> equip(Slot slot, const Ends& ends);

  Result<model::DatapathPort> observe_port(const weft_port& port, const Links& links);

  std::string bpffs_directory_;
  NetlinkSocket netlink_;
  Datapath datapath_;
  PortTable ports_;
};

}  // namespace weft::kernel
