// The real Host: the network namespace of the calling thread, and a datapath whose maps are pinned below the run
// directory. Opening one where another process left off adopts everything: no device, filter or map is made anew.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "kernel/address_table.hpp"
#include "kernel/counters.hpp"
#include "kernel/datapath.hpp"
#include "kernel/fast_path_table.hpp"
#include "kernel/internal_device.hpp"
#include "kernel/link_book.hpp"
#include "kernel/made_device.hpp"
#include "kernel/netlink_socket.hpp"
#include "kernel/news_socket.hpp"
#include "kernel/port_slots.hpp"
#include "kernel/port_table.hpp"
#include "kernel/punts.hpp"
#include "kernel/service_table.hpp"
#include "kernel/trace.hpp"
#include "kernel/tunnel_book.hpp"
#include "reconcile/host.hpp"

namespace weft::kernel {

inline constexpr std::size_t news_at_a_time = 1000;
inline constexpr int most_hearings_per_look = 100;  // Where devices change without end, the next look hears the rest.
// Ports whose filter a look of depth `statistics` asks for, in turn: the kernel tells when one goes, and this finds
// what it did not tell.
inline constexpr std::size_t filters_asked_per_look = 100;

// A frame of a local port that asks for a service of its bridge.
struct ServiceRequest {
  std::string bridge = {}, device = {};
  std::uint16_t vlan = 0;  // 0: untagged.
  weft_service service = WEFT_SERVICE_NONE;
  ByteView frame = {};  // As of Punt.
};

class KernelHost final : public reconcile::Host {
 public:
  // `run_dir` exists. Two hosts must not share one: the caller holds the lock.
  static Result<std::unique_ptr<KernelHost>> open(const std::string& run_dir);

  // Readable when the kernel has told something.
  int news_fd() const { return news_.fd(); }
  // Takes it in, at most about `news_at_a_time` of it; the next look() finds what it means. True: there was some.
  bool hear();

  Result<model::Scope> look(Depth depth) override;
  const model::Observed& observed() const override { return observed_; }
  Result<> apply(const plan::Step& step) override;

  // Every few seconds: makes room for new addresses, and finds those that move too fast. The datapath needs neither.
  Result<> sweep();
  // Address::bridge and Address::port are resolved by ports().
  Result<std::vector<Address>> addresses() const { return read_addresses(datapath_.fdb_fd(), ports_); }
  Result<> flush_addresses(std::optional<BridgeId> bridge) {
    return kernel::flush_addresses(datapath_.fdb_fd(), ports_, bridge);
  }
  Result<> put_static_address(const Address& address) {
    return kernel::put_static_address(datapath_.fdb_fd(), ports_, address);
  }
  Result<bool> remove_static_address(BridgeId bridge, std::uint16_t vlan, const MacAddress& mac) {
    return kernel::remove_static_address(datapath_.fdb_fd(), ports_, bridge, vlan, mac);
  }
  void clear_address_statistics(BridgeId bridge) { ports_.clear_address_statistics(bridge); }
  Result<std::vector<DropCount>> drops() const { return read_drops(datapath_.drops_fd()); }
  const PortTable& ports() const { return ports_; }
  // By slot of the port, as of this moment: does not touch observed().
  Result<std::map<Slot, model::LinkStatistics>> read_statistics();
  // As if `frame` entered by the port (kernel/trace.hpp).
  Result<std::vector<weft_decision>> trace(Slot port, ByteView frame) const {
    return trace_frame(datapath_, static_cast<int>(ports_.port(port).ifindex), frame);
  }
  Slot find_port(const std::string& device) const;  // As of the last look; 0: none.

  // Readable when local ports ask for services. take_requests() as Punts::take().
  int requests_fd() const { return punts_.fd(); }
  bool take_requests(const std::function<void(const ServiceRequest&)>& take_one);
  // To whoever is behind the port of the device, as Punts::send().
  Result<> send_frame(const std::string& device, std::uint16_t vlan, ByteView frame) const;

  // At a clean stop: where there is no bridge, nothing of us stays in the kernel. Else everything stays and works.
  Result<> release();

 private:
  KernelHost(std::string bpffs_directory, NewsSocket news, NetlinkSocket netlink, Datapath datapath, Punts punts);
  Result<> adopt();

  Result<> carry_out(const plan::DetachPort& step);
  Result<> carry_out(const plan::DeleteBridge& step);
  Result<> carry_out(const plan::DeleteDevice& step);
  Result<> carry_out(const plan::CreateDevice& step);
  Result<> carry_out(const plan::SetVxlan& step);
  Result<> carry_out(const plan::SetRemotes& step);
  Result<> carry_out(const plan::CreateBridge& step);
  Result<> carry_out(const plan::SetBridge& step);
  Result<> carry_out(const plan::SetServed& step);
  Result<> carry_out(const plan::AttachPort& step);
  Result<> carry_out(const plan::SetPort& step);
  Result<> carry_out(const plan::SetMtu& step);
  Result<> carry_out(const plan::SetMac& step);
  Result<> carry_out(const plan::SetAdminState& step);
  Result<> carry_out(const plan::AttachUnderlay& step);
  Result<> carry_out(const plan::DetachUnderlay& step);

  // A device, and the device of the pair that carries the filter: the same, but for internal ones.
  struct Ends {
    std::string name;
    int device = 0;  // Its ifindex; 0: it is in another namespace.
    LinkRecord carrier;
    bool is_internal() const { return device != carrier.link.ifindex; }
  };
  Result<LinkRecord> read_device(const std::string& device);
  Result<Ends> read_ends(const std::string& device);
  Result<BridgeId> require_bridge(const std::string& name) const;
  Result<> set_bridge(BridgeId id, const model::Bridge& settings);
  Result<> set_flood_vlans(BridgeId id, const model::Bridge& settings);
  Result<Slot> enter_port(const weft_port& wanted, const plan::AttachPort& step);
  Result<> set_guest(Slot slot, const model::Port& port, const std::optional<model::PortGuest>& guest);
  Result<> equip(Slot slot, const Ends& ends);
  Result<> set_tunnel(Slot slot, const std::optional<model::FastTunnel>& tunnel);

  void take_news(const nlmsghdr* message);
  Result<model::Scope> look_into(Depth depth);
  Result<> read_doubtful();
  void doubt_some_filters();
  void observe_links(model::Scope& changed);
  void observe_ports(model::Scope& changed);
  void observe_bridges(model::Scope& changed);
  void observe_underlays(model::Scope& changed);
  void forget_names(int ifindex, std::set<std::string>& names);
  void learn_names(const LinkRecord& record, std::set<std::string>& names);
  model::Link link_of(const LinkRecord& record);
  model::Link away_link_of(const LinkRecord& peer);
  model::Link aliased_link_of(const LinkRecord& record);
  void refresh_statistics(model::Scope& changed);
  std::string name_of_port(const LinkRecord& carrier) const;
  std::string name_of_slot(Slot slot) const;
  std::set<model::Flap> flaps_of(Slot slot) const;
  // By which a vxlan device's packets leave the host.
  struct Ways {
    std::set<int> devices = {};   // Those that our filters can sit on.
    std::uint32_t mtu_bytes = 0;  // Of the narrowest; 0: not known.
  };
  Ways ways_of(const model::Link& link);
  void look_again_at_vxlans_over(std::set<int>& ifindexes) const;
  model::DatapathPort port_of(Slot slot) const;
  model::LinkStatistics statistics_of(const LinkRecord& record) const;

  std::string bpffs_directory_;
  NewsSocket news_;  // Opened before the first look: no change in between is missed.
  NetlinkSocket netlink_;
  SpeedReader speeds_;
  Datapath datapath_;
  PortTable ports_;
  PortSlots slots_;
  FastPathTable fast_path_;
  ServiceTable services_;
  Punts punts_;
  std::set<HeldAddress> held_;  // As of the last sweep.

  // What the kernel has told and looks have found, of which observed_ is made.
  LinkBook links_;
  TunnelBook tunnels_;
  std::map<int, std::uint32_t> programs_;  // Ours, by ifindex of the ports' carriers; none: 0.
  bool must_look_at_everything_ = true;

  model::Observed observed_;
  std::map<std::string, int> here_;  // Who bears a name of observed_.links, by ifindex.
  // The same where an alias says whose name it is: internal devices in other namespaces, by their peers, and the ends
  // of patches. They go before.
  std::map<std::string, int> aliased_;
  std::map<int, std::set<std::string>> names_;  // The way back.
  // Where observed_ is not up to date: ports by ifindex of their carriers, and carriers whose filter must be asked for.
  std::set<int> changed_ports_, doubtful_filters_;
  bool is_fast_path_doubtful_ = false, are_ways_changed_ = false;
  std::set<int> vxlans_;             // Devices of this kind, by ifindex: what they carry follows the ways.
  std::set<int> changed_underlays_;  // Whose filters must be asked for, too.
  std::set<std::string> changed_bridges_;
  Slot next_filter_check_ = 0;
};

}  // namespace weft::kernel
