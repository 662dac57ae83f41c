// Services with real devices: requests come from guests to this process and answers go back, through every kind of
// port; what the datapath was told outlives a restart, and goes when nobody wants it any more.
#include <bpf/bpf.h>
#include <fcntl.h>
#include <linux/if_packet.h>
#include <linux/if_tun.h>
#include <net/if.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include <cstring>

#include "bpf/service_frames.hpp"
#include "kernel/map_keys.hpp"
#include "kernel/test_wire.hpp"

namespace weft::kernel {
namespace {

using Mode = model::PortVlan::Mode;
using Requests = std::vector<ServiceRequest>;

constexpr int most_wait_ms = 5000;
constexpr std::uint16_t vlan = 10;
constexpr std::uint16_t experimental_type = 0x88b5;
constexpr MacAddress far_mac({0x52, 0x54, 0, 0, 0, 9});

IpAddress address(const char* text) { return *IpAddress::parse(text); }
Mac mac_of(int number) { return host_mac(number).bytes(); }
Bytes dhcp_request(int number) {
  return ethernet(mac_of(number), broadcast_mac.bytes(), 0x0800,
                  ipv4(nobody, {255, 255, 255, 255}, 17, transport(68, 67, 300)));
}
// What TestWire takes for a frame.
Bytes answer_to(int number) { return ethernet(service_mac, mac_of(number), experimental_type, Bytes(50)); }
TestFrame as_test_frame(int number, std::optional<std::uint16_t> tag = {}) {
  return {.from = model::service_mac(), .to = host_mac(number), .tag = tag};
}

class ServingTest : public WiredSwitchTest {
 protected:
  void serve(std::uint16_t in_vlan) {
    desired_.networks["lu-br0"][in_vlan] = {
        .subnet4 = Subnet::parse("10.0.0.0/24"), .has_metadata = true, .neighbours = {{address("10.0.0.9"), far_mac}}};
  }
  static void send_bytes(const TestNamespace& where, const std::string& device, const Bytes& bytes) {
    where.inside([&] {
      const UniqueFd socket(::socket(AF_PACKET, SOCK_RAW, 0));
      sockaddr_ll to{};
      to.sll_family = AF_PACKET;
      to.sll_ifindex = static_cast<int>(::if_nametoindex(device.c_str()));
      EXPECT_EQ(
          ::sendto(socket.get(), bytes.data(), bytes.size(), 0, reinterpret_cast<const sockaddr*>(&to), sizeof to),
          static_cast<ssize_t>(bytes.size()))
          << device << ": " << std::strerror(errno);
    });
  }
  // Waits for some; their frames are in frames_.
  Requests requests() {
    Requests all;
    frames_.clear();
    pollfd waiting{.fd = host_->requests_fd(), .events = POLLIN, .revents = 0};
    EXPECT_EQ(::poll(&waiting, 1, most_wait_ms), 1) << "nothing came";
    while (host_->take_requests([&](const ServiceRequest& request) {
      frames_.emplace_back(request.frame.begin(), request.frame.end());
      all.push_back(request);
    })) {
    }
    return all;
  }
  void expect_request(const std::string& device, std::uint16_t in_vlan, const Bytes& frame) {
    const auto all = requests();
    ASSERT_EQ(all.size(), 1U) << device;
    EXPECT_EQ(all[0].bridge, "lu-br0");
    EXPECT_EQ(all[0].device, device);
    EXPECT_EQ(all[0].vlan, in_vlan);
    EXPECT_EQ(all[0].service, WEFT_SERVICE_DHCP4);
    EXPECT_EQ(frames_[0], frame);
  }
  void send_frame(const std::string& device, std::uint16_t in_vlan, const Bytes& frame) {
    const auto sent = host_->send_frame(device, in_vlan, frame);
    EXPECT_TRUE(sent) << sent.error().details;
  }
  template <class Key>
  std::size_t entries(const char* map) {
    const UniqueFd fd(bpf_obj_get(fmt::format("{}/bpf/v{}/{}", run_dir_, int{WEFT_ABI_VERSION}, map).c_str()));
    return read_keys<Key>(fd.get(), map)->size();
  }
  // Whose it is, as the host finds out; empty: nobody answers.
  static std::string ask(const TestNamespace& host, const std::string& for_address) {
    host.run("ip neigh flush all; ping -c 1 -W 1 " + for_address + " > /dev/null || true");
    const auto said = host.must_run("ip neigh show " + for_address);
    const auto place = said.find("lladdr ");
    return place == std::string::npos ? std::string() : said.substr(place + 7, 17);
  }

  std::vector<Bytes> frames_;
};

TEST_F(ServingTest, brings_requests_of_guests_here_and_answers_to_them) {
  add_wired_host();
  plug(1, vlan);
  serve(vlan);
  converge();
  send_bytes(*hosts_[0], "eth0", dhcp_request(1));
  expect_request("vm1", vlan, dhcp_request(1));
  wire(1).discard();
  send_frame("vm1", vlan, answer_to(1));
  EXPECT_EQ(wire(1).take(), TestFrames{as_test_frame(1)});
  EXPECT_EQ(host_->send_frame("vm7", vlan, answer_to(1)).error().details, "vm7: it is not a port of any bridge");
}

TEST_F(ServingTest, tags_an_answer_as_the_port_does) {
  const std::pair<model::PortVlan, bool> modes[] = {{{}, true},
                                                    {{.mode = Mode::access, .tag = vlan}, false},
                                                    {{.mode = Mode::native_tagged, .tag = vlan}, true},
                                                    {{.mode = Mode::native_untagged, .tag = vlan}, false},
                                                    {{.mode = Mode::native_untagged, .tag = 20}, true},
                                                    {{.mode = Mode::tunnel, .tag = vlan}, false}};
  add_wired_host();
  plug(1);
  serve(vlan);
  for (const auto& [mode, is_tagged] : modes) {
    port("vm1").vlan = mode;
    converge();
    wire(1).discard();
    send_frame("vm1", vlan, answer_to(1));
    EXPECT_EQ(wire(1).take(), TestFrames{as_test_frame(1, is_tagged ? std::optional(vlan) : std::nullopt)});
  }
  port("vm1").vlan = {};
  converge();
  send_frame("vm1", 0, answer_to(1));
  EXPECT_EQ(wire(1).take(), TestFrames{as_test_frame(1)});
}

TEST_F(ServingTest, serves_the_bridges_own_port) {
  desired_.devices.at("lu-br0").internal()->admin_up = true;
  serve(0);
  converge();
  send_bytes(*switch_, "lu-br0", dhcp_request(5));
  expect_request("lu-br0", 0, dhcp_request(5));
  TestWire own(*switch_, "lu-br0");
  send_frame("lu-br0", 0, answer_to(5));
  EXPECT_EQ(own.take(), TestFrames{as_test_frame(5)});
}

TEST_F(ServingTest, serves_a_virtual_machines_tap) {
  UniqueFd tap;
  switch_->inside([&] {
    tap.reset(::open("/dev/net/tun", O_RDWR | O_NONBLOCK));
    ifreq request{};
    request.ifr_flags = IFF_TAP | IFF_NO_PI;
    std::strcpy(request.ifr_name, "tap0");
    if (tap && ::ioctl(tap.get(), TUNSETIFF, &request) != 0) tap.reset();
  });
  if (!tap) GTEST_SKIP() << "this kernel has no tap devices";
  switch_->must_run("ip link set tap0 up");
  port("tap0") = {.ofport = 1, .vlan = {.mode = Mode::access, .tag = vlan}};
  serve(vlan);
  converge();
  const auto request = dhcp_request(6);
  ASSERT_EQ(::write(tap.get(), request.data(), request.size()), static_cast<ssize_t>(request.size()));
  expect_request("tap0", vlan, request);
  send_frame("tap0", vlan, answer_to(6));
  pollfd waiting{.fd = tap.get(), .events = POLLIN, .revents = 0};
  ASSERT_EQ(::poll(&waiting, 1, most_wait_ms), 1);
  Bytes frame(2000);
  frame.resize(static_cast<std::size_t>(::read(tap.get(), frame.data(), frame.size())));
  EXPECT_EQ(frame, answer_to(6));
}

TEST_F(ServingTest, takes_only_so_many_requests_at_a_time) {
  add_wired_host();
  plug(1, vlan);
  serve(vlan);
  converge();
  for (std::size_t i = 0; i < punts_at_a_time + 1; ++i) send_bytes(*hosts_[0], "eth0", dhcp_request(1));
  std::size_t count = 0;
  const auto take = [&] { return host_->take_requests([&](const ServiceRequest&) { ++count; }); };
  EXPECT_TRUE(take());
  EXPECT_EQ(count, punts_at_a_time);
  EXPECT_FALSE(take());
  EXPECT_EQ(count, punts_at_a_time + 1);
}

TEST_F(ServingTest, takes_no_request_of_a_port_that_has_left) {
  add_wired_host();
  plug(1, vlan);
  serve(vlan);
  converge();
  send_bytes(*hosts_[0], "eth0", dhcp_request(1));
  unplug(1);
  converge();
  EXPECT_TRUE(requests().empty());
}

TEST_F(ServingTest, tells_neighbours_and_keeps_strangers_out_without_this_process) {
  add_wired_host();
  add_wired_host();
  plug(1, vlan);
  plug(2, vlan);
  serve(vlan);
  desired_.guests["vm2"] = {.mac = host_mac(2), .addresses = {address("10.0.0.2")}, .is_confined = true};
  converge();
  host_.reset();
  EXPECT_EQ(ask(*hosts_[0], "10.0.0.9"), far_mac.to_string());
  EXPECT_EQ(ask(*hosts_[0], "169.254.169.254"), "") << "no route to it";
  hosts_[0]->must_run("ip route add 169.254.169.254 dev eth0");
  EXPECT_EQ(ask(*hosts_[0], "169.254.169.254"), model::service_mac().to_string());
  EXPECT_EQ(lost_pings(*hosts_[0], "10.0.0.2"), 0) << "guests go on";
  wire(1).discard();
  send_bytes(*hosts_[1], "eth0",
             ethernet(mac_of(2), mac_of(1), 0x0800, ipv4({10, 0, 0, 2}, {10, 0, 0, 1}, 17, transport(67, 68, 300))));
  hosts_[1]->must_run("ip address add 10.0.0.77/24 dev eth0; ! ping -c 1 -W 1 -I 10.0.0.77 10.0.0.1 > /dev/null");
  reopen();
  observe();
  EXPECT_EQ(drops("vm2", WEFT_DROP_FOREIGN_DHCP), 1U);
  EXPECT_GE(drops("vm2", WEFT_DROP_NOT_ITS_ADDRESS) + drops("vm2", WEFT_DROP_NOT_ITS_ARP), 1U);
}

TEST_F(ServingTest, tells_a_guests_address_unless_the_bridge_knows_better) {
  for (int number = 1; number <= 3; ++number) {
    add_wired_host();
    plug(number, vlan);
  }
  serve(vlan);
  for (const int number : {2, 3})
    desired_.guests[fmt::format("vm{}", number)] = {.mac = host_mac(number), .addresses = {address("10.0.0.50")}};
  converge();
  const auto first = ask(*hosts_[0], "10.0.0.50");
  EXPECT_TRUE(first == host_mac(2).to_string() || first == host_mac(3).to_string());
  desired_.networks["lu-br0"][vlan].neighbours[address("10.0.0.50")] = far_mac;
  converge();
  EXPECT_EQ(ask(*hosts_[0], "10.0.0.50"), far_mac.to_string());
  desired_.networks["lu-br0"][vlan].neighbours.clear();
  unplug(2);
  converge();
  EXPECT_EQ(ask(*hosts_[0], "10.0.0.50"), host_mac(3).to_string());
  desired_.guests.clear();
  converge();
  EXPECT_EQ(ask(*hosts_[0], "10.0.0.50"), "");
}

TEST_F(ServingTest, is_adopted_by_the_next_process_and_goes_with_the_configuration) {
  add_wired_host();
  plug(1, vlan);
  serve(vlan);
  serve(20);
  desired_.networks["lu-br0"][vlan].subnet6 = Subnet::parse("fd00::/64");
  desired_.networks["lu-br0"][vlan].router6 = address("fe80::1");
  desired_.networks["lu-br0"][vlan].neighbours[address("fe80::1")] = far_mac;
  desired_.guests["vm1"] = {
      .mac = host_mac(1), .addresses = {address("10.0.0.1"), address("fd00::1")}, .is_confined = true};
  EXPECT_GT(converge(), 0U);
  const auto before = observe();
  reopen();
  EXPECT_EQ(converge(), 0U) << "nothing is to be done";
  EXPECT_EQ(observe().served, before.served);
  EXPECT_EQ(observe().ports, before.ports);
  send_bytes(*hosts_[0], "eth0", dhcp_request(1));
  expect_request("vm1", vlan, dhcp_request(1));
  EXPECT_EQ(entries<weft_vlan_key>("served"), 2U);
  EXPECT_EQ(entries<weft_neighbour_key>("neighbours"), 4U + 2U + 2U);
  EXPECT_EQ(entries<std::uint32_t>("guests"), 1U);

  desired_.networks["lu-br0"].erase(20);
  converge();
  EXPECT_EQ(entries<weft_vlan_key>("served"), 1U);
  desired_ = {};
  converge();
  EXPECT_EQ(entries<weft_vlan_key>("served"), 0U);
  EXPECT_EQ(entries<weft_neighbour_key>("neighbours"), 0U);
  EXPECT_EQ(entries<std::uint32_t>("guests"), 0U);
}

TEST_F(ServingTest, puts_right_what_a_killed_process_left) {
  add_wired_host();
  plug(1, vlan);
  serve(vlan);
  desired_.guests["vm1"] = {.mac = host_mac(1), .addresses = {address("10.0.0.1")}};
  converge();
  host_.reset();
  const auto map = [&](const char* name) {
    return UniqueFd(bpf_obj_get(fmt::format("{}/bpf/v{}/{}", run_dir_, int{WEFT_ABI_VERSION}, name).c_str()));
  };
  const std::uint32_t slot = 1, free_slot = 77, kinds = 0;
  const weft_vlan_key strange{.bridge = 9, .vlan = 1};
  const weft_neighbour_key lost{.network = strange, .address = {}};
  const weft_guest guest{};
  weft_neighbour of_nobody{};
  of_nobody.port = slot;
  EXPECT_EQ(bpf_map_update_elem(map("guests").get(), &free_slot, &guest, BPF_ANY), 0);
  EXPECT_EQ(bpf_map_update_elem(map("served").get(), &strange, &kinds, BPF_ANY), 0);
  EXPECT_EQ(bpf_map_update_elem(map("neighbours").get(), &lost, &of_nobody, BPF_ANY), 0);
  reopen();
  EXPECT_EQ(converge(), 0U);
  EXPECT_EQ(entries<std::uint32_t>("guests"), 1U);
  EXPECT_EQ(entries<weft_vlan_key>("served"), 1U);
  EXPECT_EQ(entries<weft_neighbour_key>("neighbours"), 3U);
}

TEST_F(ServingTest, says_when_there_is_no_room_for_more_vlans) {
  converge();
  const UniqueFd map(bpf_obj_get(fmt::format("{}/bpf/v{}/served", run_dir_, int{WEFT_ABI_VERSION}).c_str()));
  const std::uint32_t kinds = 0;
  for (std::uint32_t other = 0; other < WEFT_MAX_SERVED; ++other) {
    const weft_vlan_key key{.bridge = 9, .vlan = other};
    ASSERT_EQ(bpf_map_update_elem(map.get(), &key, &kinds, BPF_ANY), 0);
  }
  const plan::SetServed step{.bridge = "lu-br0", .served = {{vlan, {.has_dhcp4 = true}}}};
  const auto done = host_->apply(step);
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().details, "the datapath holds 4096 served VLANs at most, of all bridges together");
  EXPECT_TRUE(observe().served.empty());
}

TEST_F(ServingTest, tells_a_guests_address_as_soon_as_there_is_room_and_says_meanwhile_that_there_is_none) {
  add_wired_host();
  plug(1, vlan);
  serve(vlan);
  converge();
  const UniqueFd map(bpf_obj_get(fmt::format("{}/bpf/v{}/neighbours", run_dir_, int{WEFT_ABI_VERSION}).c_str()));
  weft_neighbour_key other{.network = {.bridge = 9, .vlan = 1}, .address = {}};
  const weft_neighbour nobodys{};
  while (bpf_map_update_elem(map.get(), &other, &nobodys, BPF_ANY) == 0) ++other.address.words[0];
  model::PortGuest guest{.mac = host_mac(1), .addresses = {address("10.0.0.1")}, .is_confined = true};
  const plan::SetPort step{
      .device = "vm1", .bridge = "lu-br0", .port = port("vm1"), .deliver_to_peer = true, .guest = guest};
  const auto present = [&] { return observe().ports.begin()->second.guest; };
  switch_->inside([&] {
    for (int i = 0; i < 2; ++i) {  // It says so every time.
      const auto done = host_->apply(step);
      ASSERT_FALSE(done);
      EXPECT_EQ(done.error().details,
                "10.0.0.1 is not told to who asks for it: the datapath holds 131072 neighbours at most, of all bridges "
                "together");
    }
  });
  guest.addresses.clear();
  EXPECT_EQ(present(), guest) << "confined all the same, and to be told again";
  send_bytes(*hosts_[0], "eth0", ethernet(mac_of(7), broadcast_mac.bytes(), experimental_type, Bytes(50)));
  EXPECT_EQ(drops("vm1", WEFT_DROP_NOT_ITS_MAC), 1U);
  reopen();
  EXPECT_EQ(present(), guest) << "after a restart, too, which takes away what is nobody's";
  apply(step);
  EXPECT_EQ(present(), step.guest);
  reopen();
  EXPECT_EQ(present(), step.guest);
}

TEST_F(ServingTest, refuses_more_addresses_of_a_guest_than_the_datapath_holds) {
  add_wired_host();
  plug(1, vlan);
  converge();
  model::PortGuest guest{.mac = host_mac(1)};
  for (int i = 0; i <= WEFT_GUEST_ADDRESSES; ++i) guest.addresses.insert(address(fmt::format("10.0.1.{}", i).c_str()));
  const plan::SetPort step{
      .device = "vm1", .bridge = "lu-br0", .port = port("vm1"), .deliver_to_peer = true, .guest = guest};
  switch_->inside([&] {
    const auto done = host_->apply(step);
    ASSERT_FALSE(done);
    EXPECT_EQ(done.error().details, "a guest has 16 addresses at most, and this one has 17");
  });
}

}  // namespace
}  // namespace weft::kernel
