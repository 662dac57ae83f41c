/* A packet arrives on the underlay. A VXLAN frame of an admitted remote end, from an address that is admitted behind
 * it, to an address behind another port, goes straight there. All else takes its way through the host's stack, VXLAN
 * frames of tunnels with the number of their remote end in skb->tc_index (vtep.h). */
#ifndef WEFT_BPF_DECAPSULATE_H
#define WEFT_BPF_DECAPSULATE_H

#include <linux/pkt_cls.h>

#include "deliver.h"
#include "fdb.h"
#include "flow.h"
#include "outer.h"
#include "parse.h"
#include "passed.h"
#include "serve.h"
#include "vlan.h"
#include "vtep.h"

#define PACKET_HOST 0
/* BPF_F_ADJ_ROOM_DECAP_L3_IPV4 and _IPV6, which older headers lack. */
#define DECAPSULATES_TO_V4 (1ULL << 7)
#define DECAPSULATES_TO_V6 (1ULL << 8)
#define IPV4_MULTICAST bpf_htonl(0xe0000000)

/* What a packet's outer header says. */
struct arrival {
	struct weft_vtep_key key;
	__u16 outer_bytes;
	bool is_whole; /* Its lengths agree, and nothing about it needs the host's stack. */
};

static __always_inline void read_udp(struct __sk_buff *skb, struct arrival *arrival, const struct udp *udp,
				     const struct vxlan *vxlan, __u32 ip_bytes, __u32 udp_bytes, __u8 ecn)
{
	arrival->key.vni = vni_of(vxlan);
	arrival->key.dst_port = bpf_ntohs(udp->destination);
	arrival->is_whole = ip_bytes + ETH_HLEN == skb->len && bpf_ntohs(udp->bytes) == udp_bytes && ecn != ECN_CE &&
			    skb->pkt_type == PACKET_HOST;
	/* Only a device that has checked it can tell that a checksum is right. */
	if (udp->checksum && bpf_csum_level(skb, BPF_CSUM_LEVEL_QUERY) < 0)
		arrival->is_whole = false;
}

static __always_inline bool read_v4(struct __sk_buff *skb, struct arrival *arrival)
{
	const struct outer_v4 *outer = (void *)(long)skb->data;
	__u16 ip_bytes;

	if ((void *)(outer + 1) > (void *)(long)skb->data_end)
		return false;
	if (outer->ip.protocol != IPPROTO_UDP || !is_plain(&outer->vxlan) || !is_sound(&outer->ip))
		return false;
	ip_bytes = bpf_ntohs(outer->ip.bytes);
	map_v4(arrival->key.remote, outer->ip.source);
	if ((outer->ip.destination & bpf_htonl(0xf0000000)) != IPV4_MULTICAST)
		map_v4(arrival->key.local, outer->ip.destination);
	arrival->outer_bytes = OUTER_BYTES_V4;
	read_udp(skb, arrival, &outer->udp, &outer->vxlan, ip_bytes, ip_bytes - sizeof(outer->ip),
		 outer->ip.tos & ECN_MASK);
	return true;
}

static __always_inline bool read_v6(struct __sk_buff *skb, struct arrival *arrival)
{
	const struct outer_v6 *outer = (void *)(long)skb->data;
	__u16 bytes;

	if ((void *)(outer + 1) > (void *)(long)skb->data_end)
		return false;
	if (!is_v6(&outer->ip) || outer->ip.protocol != IPPROTO_UDP || !is_plain(&outer->vxlan))
		return false;
	bytes = bpf_ntohs(outer->ip.payload_bytes);
	__builtin_memcpy(arrival->key.remote, &outer->ip.source, 16);
	if ((outer->ip.destination[0] & bpf_htonl(0xff000000)) != bpf_htonl(0xff000000))
		__builtin_memcpy(arrival->key.local, &outer->ip.destination, 16);
	arrival->outer_bytes = OUTER_BYTES_V6;
	read_udp(skb, arrival, &outer->udp, &outer->vxlan, bytes + sizeof(outer->ip), bytes, ecn_of_v6(&outer->ip));
	return true;
}

/* The address may send past the host's stack: frames of it came through it, from the same remote end, not long ago. */
static __always_inline bool is_admitted(struct weft_fdb_entry *source, __u32 slot, __u32 id,
					const struct weft_vtep *vtep, __u32 tick, __u32 admission_ticks)
{
	return source->port == slot && source->vtep == id && source->vtep_claim == vtep->claimed_tick &&
	       (__s32)(tick - source->admitted_tick) < (__s32)admission_ticks &&
	       source->generation == current_generation();
}

/* Takes the outer header off. Kernels before 6.3 cannot say that another version of IP is inside: an error, and nothing
 * is changed. */
static __always_inline long strip(struct __sk_buff *skb, __u32 outer_bytes, __be16 inner_type)
{
	__u64 flags = BPF_F_ADJ_ROOM_FIXED_GSO;

	if (skb->protocol != inner_type)
		flags |= inner_type == bpf_htons(ETH_P_IP) ? DECAPSULATES_TO_V4 : DECAPSULATES_TO_V6;
	return bpf_skb_adjust_room(skb, -(__s32)outer_bytes, BPF_ADJ_ROOM_MAC, flags);
}

/* Takes the outer header off and sends the frame to `out`. */
static __always_inline int strip_and_send(struct __sk_buff *skb, const struct ethernet *inner, __u32 outer_bytes,
					  __u32 in_slot, __u32 out_slot, const struct weft_port *out)
{
	__u32 ifindex = out->ifindex, frame_bytes = skb->len - outer_bytes;
	bool to_peer = out->flags & WEFT_PORT_TO_PEER;
	struct kept_ethernet kept = keep_ethernet(inner);
	void *data;

	if (strip(skb, outer_bytes, kept.type))
		return TC_ACT_UNSPEC;
	data = (void *)(long)skb->data;
	if (data + sizeof(struct ethernet) > (void *)(long)skb->data_end)
		return TC_ACT_SHOT;
	put_ethernet(data, &kept);
	count_received(in_slot, frame_bytes);
	if (!to_peer)
		return bpf_redirect(ifindex, 0);
	count_sent(out_slot, frame_bytes);
	return bpf_redirect_peer(ifindex, 0);
}

/* What no service of the switch would send: that may not come in (serve.h), and is told apart on the other way. */
static __always_inline bool is_no_service(const struct ethernet *inner, void *end, __u8 protocol)
{
	const struct ipv4 *v4 = (const void *)(inner + 1);
	const struct ipv6 *v6 = (const void *)(inner + 1);
	const __be16 *ports;

	if (inner->type == bpf_htons(ETH_P_IP)) {
		if (v4->version_and_words != 0x45 || v4->fragment & bpf_htons(IP_FRAGMENT) ||
		    v4->source == bpf_htonl(WEFT_METADATA_ADDRESS))
			return false;
		if (protocol != IPPROTO_UDP)
			return true;
		ports = (const void *)(v4 + 1);
	} else {
		if (protocol != IPPROTO_UDP)
			return protocol == IPPROTO_TCP;
		ports = (const void *)(v6 + 1);
	}
	if ((void *)(ports + 2) > end)
		return false;
	return ports[1] != bpf_htons(PORT_DHCP4_CLIENT) && ports[1] != bpf_htons(PORT_DHCP6_CLIENT);
}

/* The slot of the port behind which the frame's destination is, as the forwarding database says, and `place` remembers;
 * 0: it is not known, or its source not admitted. */
static __always_inline __u32 look_up_arrival(const struct weft_flow_key *flow, const struct weft_port *in, __u32 id,
					     const struct weft_vtep *vtep, __u32 tick, struct weft_flow *place,
					     __u32 now)
{
	struct weft_fdb_key source = fdb_key(in->bridge, flow->vlan, flow->from);
	struct weft_fdb_key destination = fdb_key(in->bridge, flow->vlan, flow->to);
	struct weft_fdb_entry *known = bpf_map_lookup_elem(&fdb, &source);
	const struct weft_fdb_entry *behind;

	if (!known || !is_admitted(known, flow->port, id, vtep, tick, in->admission_ticks))
		return 0;
	behind = find(&destination, tick, in->ageing_ticks);
	if (!behind || behind->port == flow->port)
		return 0;
	if (known->seen_tick != tick) {
		known->seen_tick = tick;
		known->is_proven = 1;
	}
	if (place && may_take(place, flow, tick))
		*place = (struct weft_flow){.key = *flow,
					    .tick = tick,
					    .rearranged = now,
					    .out_port = behind->port,
					    .vtep = id,
					    .vtep_claim = vtep->claimed_tick,
					    .generation = current_generation()};
	return behind->port;
}

/* The flow came from this remote end, and would be admitted again. */
static __always_inline bool is_from(const struct weft_flow *flow, __u32 id, const struct weft_vtep *vtep)
{
	return flow->vtep == id && flow->vtep_claim == vtep->claimed_tick && flow->generation == current_generation();
}

/* A frame whose remote end is in entry `id`; TC_ACT_UNSPEC: it needs the host's stack. */
static __always_inline int forward_arrival(struct __sk_buff *skb, const struct arrival *arrival, __u32 id,
					   const struct weft_vtep *vtep)
{
	/* The mask tells the verifier what it has forgotten. */
	const __u32 outer_bytes = arrival->outer_bytes & 127;
	const struct ethernet *inner = (void *)(long)skb->data + outer_bytes;
	__u32 tick = current_tick(), slot = vtep->port, out_slot, now;
	const struct weft_port *in = bpf_map_lookup_elem(&ports, &slot), *out;
	struct weft_flow_key flow;
	struct weft_flow *place;
	__u64 tags;
	__u8 protocol = 0;

	if (!in || !in->ifindex || !(in->flags & WEFT_PORT_TUNNEL) || !arrival->is_whole)
		return TC_ACT_UNSPEC;
	if ((void *)inner + sizeof(*inner) + sizeof(struct ipv4) > (void *)(long)skb->data_end)
		return TC_ACT_UNSPEC;
	if (inner->type == bpf_htons(ETH_P_IP))
		protocol = ((const struct ipv4 *)(inner + 1))->protocol;
	else if (inner->type == bpf_htons(ETH_P_IPV6))
		protocol = ((const struct ipv6 *)(inner + 1))->protocol;
	else
		return TC_ACT_UNSPEC;
	if (is_multicast(inner->destination) || !is_valid_source(inner->source))
		return TC_ACT_UNSPEC;

	tags = untagged_frame(in, slot);
	if (tags & FRAME_REFUSED || in->flags & WEFT_PORT_FLOOD_VLANS)
		return TC_ACT_UNSPEC;
	if (in->flags & WEFT_PORT_SERVED && !is_no_service(inner, (void *)(long)skb->data_end, protocol))
		return TC_ACT_UNSPEC;
	flow = flow_key(slot, inner);
	flow.vlan = vlan_of(tags);
	now = rearranged(in->bridge);
	place = flow_place(&flow);
	if (place && is_remembered(place, &flow, now, tick) && is_from(place, id, vtep))
		out_slot = place->out_port;
	else
		out_slot = look_up_arrival(&flow, in, id, vtep, tick, place, now);
	out = bpf_map_lookup_elem(&ports, &out_slot);
	if (!out || !out->ifindex || out->bridge != in->bridge || !carries(out, out_slot, tags) ||
	    form_on(out, tags) != FORM_BARE || out->flags & WEFT_PORT_TUNNEL)
		return TC_ACT_UNSPEC;
	/* A segmented frame keeps the mark of having come out of a tunnel, which only a veth with TCP bears. */
	if (skb->gso_size && (protocol != IPPROTO_TCP || !(out->flags & WEFT_PORT_TO_PEER)))
		return TC_ACT_UNSPEC;
	return strip_and_send(skb, inner, outer_bytes, slot, out_slot, out);
}

static __always_inline bool is_listened_to(const struct weft_tunnel *tunnel, const struct weft_vtep_key *key)
{
	struct weft_remote_key remote = {.port = tunnel->port};

	if (!(tunnel->flags & WEFT_TUNNEL_STRICT_REMOTES))
		return true;
	__builtin_memcpy(remote.address, key->remote, sizeof(remote.address));
	return bpf_map_lookup_elem(&remotes, &remote);
}

/* The number of the remote end of a frame that goes through the host's stack; 0: it belongs to no tunnel, or to one
 * that does not listen to it. */
static __noinline __u32 offer(const struct arrival *arrival)
{
	struct weft_tunnel_key key = {.vni = arrival->key.vni,
				      .dst_port = arrival->key.dst_port,
				      .is_ipv6 = arrival->outer_bytes == OUTER_BYTES_V6};
	const struct weft_tunnel *tunnel = bpf_map_lookup_elem(&tunnels, &key);

	if (!tunnel || !is_listened_to(tunnel, &arrival->key))
		return 0;
	return claim_vtep(&arrival->key, tunnel->port, current_tick());
}

static __always_inline int enter_from_underlay(struct __sk_buff *skb)
{
	struct arrival arrival = {};
	struct weft_vtep *vtep;
	bool is_vxlan;
	__u32 id;

	if (skb->vlan_present)
		is_vxlan = false;
	else if (skb->protocol == bpf_htons(ETH_P_IP))
		is_vxlan = read_v4(skb, &arrival);
	else if (skb->protocol == bpf_htons(ETH_P_IPV6))
		is_vxlan = read_v6(skb, &arrival);
	else
		is_vxlan = false;
	if (is_vxlan) {
		id = find_vtep(&arrival.key);
		vtep = bpf_map_lookup_elem(&vteps, &id);
		if (id && vtep && vtep->is_admitted) {
			int verdict = forward_arrival(skb, &arrival, id, vtep);

			if (verdict != TC_ACT_UNSPEC)
				return verdict;
		}
		skb->tc_index = offer(&arrival);
	} else if (skb->tc_index) {
		skb->tc_index = 0; /* Who sent it, on this very host, has no say. */
	}
	return TC_ACT_UNSPEC; /* Other filters have their turn. */
}

#endif
