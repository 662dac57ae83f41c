// For tests of the fast path: a bridge with a container's port (slot 1) and a tunnel (slot 2), and made-up packets of
// its underlay.
#pragma once

#include <arpa/inet.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include "bpf/datapath_fixture.hpp"
#include "bpf/tunnel_probe.skel.h"

namespace weft
{

using Bytes = std::vector<std::uint8_t>;

inline constexpr std::uint16_t vxlan_port = 4789;
inline constexpr std::uint32_t vni = 42;
inline constexpr std::uint32_t vm_slot = 1, tunnel_slot = 2;

inline void put_u16(Bytes &bytes, std::size_t at, std::uint16_t value)
{
	bytes.at(at) = static_cast<std::uint8_t>(value >> 8);
	bytes.at(at + 1) = static_cast<std::uint8_t>(value);
}
inline std::uint16_t get_u16(const Bytes &bytes, std::size_t at)
{
	return static_cast<std::uint16_t>(bytes.at(at) << 8 | bytes.at(at + 1));
}

// An outer header and what is inside; its bytes are changed at will before it is sent.
struct Packet {
	Bytes bytes;
	std::uint32_t gso_bytes = 0; // Of a segment; 0: it is one.

	static constexpr std::size_t ip = 14, ip_tos = 15, ip_bytes = 16, ip_fragment = 20, ip_protocol = 23,
				     ip_sum = 24, ip_from = 26, ip_to = 30, udp = 34, udp_port = 36, udp_bytes = 38,
				     udp_sum = 40, vxlan_flags = 42, vxlan_vni = 46, inner = 50;
	// RFC 1071, over the outer IPv4 header.
	Packet &mend_checksum()
	{
		put_u16(bytes, ip_sum, 0);
		std::uint32_t sum = 0;
		for (std::size_t i = 0; i < 20; i += 2)
			sum += get_u16(bytes, ip + i);
		sum = (sum & 0xffff) + (sum >> 16);
		put_u16(bytes, ip_sum, static_cast<std::uint16_t>(~(sum + (sum >> 16))));
		return *this;
	}
	Packet &set(std::size_t at, std::uint8_t value)
	{
		bytes.at(at) = value;
		return mend_checksum();
	}
};

// A frame of IPv4 and UDP, of 60 bytes.
inline Bytes inner_frame(const Mac &from, const Mac &to)
{
	Bytes bytes(60);
	std::ranges::copy(to, bytes.begin());
	std::ranges::copy(from, bytes.begin() + 6);
	put_u16(bytes, 12, 0x0800);
	bytes[14] = 0x45;
	put_u16(bytes, 16, 46);
	bytes[22] = 64;
	bytes[23] = 17;
	return bytes;
}

class TunnelTest : public DatapathTest
{
      protected:
	void SetUp() override
	{
		DatapathTest::SetUp();
		if (IsSkipped() || HasFatalFailure())
			return;
		probe_.reset(tunnel_probe__open());
		ASSERT_TRUE(probe_);
		bpf_map *map = nullptr;
		bpf_object__for_each_map(map, probe_->obj)
		{
			const auto *shared = bpf_object__find_map_by_name(skeleton()->obj, bpf_map__name(map));
			ASSERT_TRUE(shared) << bpf_map__name(map);
			ASSERT_EQ(bpf_map__reuse_fd(map, bpf_map__fd(shared)), 0);
		}
		ASSERT_EQ(tunnel_probe__load(probe_.get()), 0) << "the kernel refuses the programs";
		set_port(vm_slot, {});
		set_tunnel(
		    {.port = tunnel_slot, .source_port = 40000, .source_ports = 1000, .flags = 0, .ageing_s = 300});
	}
	void set_tunnel(weft_tunnel tunnel, bool is_ipv6 = false, std::uint16_t more_flags = 0)
	{
		weft_tunnel_key key{.vni = vni, .dst_port = vxlan_port, .is_ipv6 = is_ipv6};
		ASSERT_EQ(bpf_map_update_elem(bpf_map__fd(skeleton()->maps.tunnels), &key, &tunnel, BPF_ANY), 0);
		weft_port port{};
		port.ifindex = port.device = ifindex(tunnel_slot);
		port.bridge = bridge;
		port.ageing_ticks = ageing_ticks;
		port.flags = WEFT_PORT_TUNNEL | more_flags;
		port.admission_ticks = 200;
		ASSERT_EQ(bpf_map_update_elem(bpf_map__fd(skeleton()->maps.ports), &tunnel_slot, &port, BPF_ANY), 0);
	}

	// The tunnel listens to 10.9.0.NUMBER alone.
	void listen_only_to(std::uint8_t number)
	{
		set_tunnel({.port = tunnel_slot,
			    .source_port = 40000,
			    .source_ports = 1000,
			    .flags = WEFT_TUNNEL_STRICT_REMOTES,
			    .ageing_s = 300},
			   false, WEFT_PORT_STRICT_REMOTES);
		weft_remote_key key{.port = tunnel_slot, .address = {0, 0, htonl(0xffff), htonl(0x0a090000U | number)}};
		const std::uint32_t one = 1;
		ASSERT_EQ(bpf_map_update_elem(bpf_map__fd(skeleton()->maps.remotes), &key, &one, BPF_ANY), 0);
	}

	// Of remote end 10.9.0.NUMBER to us, 10.9.0.1. port1 stands for the underlay device, too.
	static Packet from_remote(std::uint8_t number, const Bytes &inner)
	{
		Packet packet{Bytes(Packet::inner + inner.size())};
		auto &bytes = packet.bytes;
		std::ranges::copy(mac_of("port1"), bytes.begin());
		std::ranges::copy(Mac{2, 0, 0, 0, 0, number}, bytes.begin() + 6);
		put_u16(bytes, 12, 0x0800);
		bytes[Packet::ip] = 0x45;
		put_u16(bytes, Packet::ip_bytes, static_cast<std::uint16_t>(bytes.size() - 14));
		bytes[22] = 64;
		bytes[Packet::ip_protocol] = 17;
		std::ranges::copy(std::array<std::uint8_t, 4>{10, 9, 0, number}, bytes.begin() + Packet::ip_from);
		std::ranges::copy(std::array<std::uint8_t, 4>{10, 9, 0, 1}, bytes.begin() + Packet::ip_to);
		put_u16(bytes, Packet::udp, 50000);
		put_u16(bytes, Packet::udp_port, vxlan_port);
		put_u16(bytes, Packet::udp_bytes, static_cast<std::uint16_t>(bytes.size() - 34));
		bytes[Packet::vxlan_flags] = 0x08;
		bytes[Packet::vxlan_vni + 2] = vni;
		std::ranges::copy(inner, bytes.begin() + Packet::inner);
		packet.mend_checksum();
		return packet;
	}

	struct Verdict {
		int action = 0;
		std::uint32_t index = 0; // skb->tc_index afterwards.
		Bytes bytes = {};	 // The frame afterwards.
	};
	Verdict run_probe(const bpf_program *program, Packet packet, std::uint32_t device, std::uint32_t index = 0)
	{
		__sk_buff context{};
		__sk_buff after{};
		context.ifindex = device;
		context.cb[0] = index;
		context.gso_size = packet.gso_bytes;
		Verdict verdict{.bytes = Bytes(packet.bytes.size() + 256)};
		auto options = bpf_test_run_opts();
		options.sz = sizeof options;
		options.data_in = packet.bytes.data();
		options.data_size_in = static_cast<std::uint32_t>(packet.bytes.size());
		options.data_out = verdict.bytes.data();
		options.data_size_out = static_cast<std::uint32_t>(verdict.bytes.size());
		options.ctx_in = &context;
		options.ctx_size_in = sizeof context;
		options.ctx_out = &after;
		options.ctx_size_out = sizeof after;
		EXPECT_EQ(bpf_prog_test_run_opts(bpf_program__fd(program), &options), 0);
		verdict.action = static_cast<int>(options.retval);
		verdict.index = after.cb[0];
		verdict.bytes.resize(options.data_size_out);
		return verdict;
	}
	Verdict arrive(const Packet &packet)
	{
		return run_probe(probe_->progs.underlay_ingress_probe, packet, ifindex(vm_slot));
	}
	Verdict enter_by(std::uint32_t slot, const Bytes &frame, std::uint32_t index = 0)
	{
		return run_probe(probe_->progs.port_probe, {frame}, ifindex(slot), index);
	}
	Verdict leave(const Packet &packet, std::uint32_t index)
	{
		return run_probe(probe_->progs.underlay_egress_probe, packet, ifindex(vm_slot), index);
	}

	// A frame of vm2 behind the remote end came through the host's stack, and vm1 has spoken, too.
	std::uint32_t admit(std::uint8_t number)
	{
		enter_by(vm_slot, inner_frame(vm1, everybody));
		const auto inner = inner_frame(vm2, vm1);
		const auto id = arrive(from_remote(number, inner)).index;
		enter_by(tunnel_slot, inner, id);
		return id;
	}
	weft_vtep vtep(std::uint32_t id)
	{
		weft_vtep value{};
		EXPECT_EQ(bpf_map_lookup_elem(vteps_fd(), &id, &value), 0);
		return value;
	}
	void put_vtep(std::uint32_t id, const weft_vtep &value)
	{
		ASSERT_EQ(bpf_map_update_elem(vteps_fd(), &id, &value, BPF_ANY), 0);
	}
	weft_passed passed(std::uint32_t slot)
	{
		std::vector<weft_passed> per_cpu(static_cast<std::size_t>(libbpf_num_possible_cpus()));
		bpf_map_lookup_elem(bpf_map__fd(skeleton()->maps.passed), &slot, per_cpu.data());
		weft_passed sum{};
		for (const auto &cpu : per_cpu) {
			sum.rx_frames += cpu.rx_frames;
			sum.rx_bytes += cpu.rx_bytes;
			sum.tx_frames += cpu.tx_frames;
			sum.tx_bytes += cpu.tx_bytes;
		}
		return sum;
	}
	void forget_ways()
	{
		const std::uint32_t zero = 0;
		weft_overlay state{};
		bpf_map_lookup_elem(bpf_map__fd(skeleton()->maps.overlay), &zero, &state);
		++state.generation;
		bpf_map_update_elem(bpf_map__fd(skeleton()->maps.overlay), &zero, &state, BPF_ANY);
	}
	int vteps_fd() { return bpf_map__fd(skeleton()->maps.vteps); }

	static Mac mac_of(const std::string &device)
	{
		Mac mac{};
		ifreq request{};
		std::ranges::copy(device, request.ifr_name);
		const int socket = ::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
		EXPECT_EQ(::ioctl(socket, SIOCGIFHWADDR, &request), 0);
		::close(socket);
		std::copy_n(request.ifr_hwaddr.sa_data, mac.size(), mac.begin());
		return mac;
	}

      private:
	struct ProbeCloser {
		void operator()(tunnel_probe *probe) const { tunnel_probe__destroy(probe); }
	};
	std::unique_ptr<tunnel_probe, ProbeCloser> probe_;
};

} // namespace weft
