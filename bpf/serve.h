/* Services of the switch, and who may pretend to be one. Frames come here by ports of bridges that serve some VLAN, and
 * by confined ports; others pay nothing for it.
 *
 * What asks for a service is handed to weftd, from local ports only: each host answers its own guests. The answers go
 * straight out of the port, past these programs; so whatever comes in and looks like one is a stranger's. Of other
 * hosts' guests weftd hears only which addresses they look for and have. */
#ifndef WEFT_BPF_SERVE_H
#define WEFT_BPF_SERVE_H

#include <linux/pkt_cls.h>

#include "confine.h"
#include "count.h"
#include "decide.h"
#include "fdb.h"
#include "maps.h"
#include "neighbour.h"
#include "packet.h"
#include "per_tick.h"
#include "vlan.h"

enum {
	PORT_DHCP6_CLIENT = 546,
	PORT_DHCP6_SERVER = 547,
};

static __always_inline bool is_service_mac(const __be16 mac[3])
{
	const __u8 service[6] = WEFT_SERVICE_MAC;

	return mac[0] == bpf_htons(service[0] << 8 | service[1]) && mac[1] == bpf_htons(service[2] << 8 | service[3]) &&
	       mac[2] == bpf_htons(service[4] << 8 | service[5]);
}

static __always_inline bool is_ip(const struct packet *packet) { return packet->type == bpf_htons(ETH_P_IP); }

static __always_inline bool is_ipv6(const struct packet *packet) { return packet->type == bpf_htons(ETH_P_IPV6); }

/* Why the packet is a stranger's, who pretends to be one of the services of `kinds`; NO_VIOLATION: it is not. What
 * hides behind fragments and extension headers is taken for one (RFC 7113). */
static __always_inline enum weft_drop foreign(const struct packet *packet, __u32 kinds)
{
	bool is_v4 = is_ip(packet), is_v6 = is_ipv6(packet);
	__u8 type = message_type(packet);

	if (is_service_mac(packet->mac))
		return WEFT_DROP_FOREIGN_SERVICE;
	if (kinds & (WEFT_SERVED_DHCP | WEFT_SERVED_METADATA) && (is_v4 || packet->type == bpf_htons(ETH_P_ARP)) &&
	    is_v4_address(&packet->source, WEFT_METADATA_ADDRESS))
		return WEFT_DROP_FOREIGN_SERVICE;
	if (kinds & WEFT_SERVED_DHCP && is_v4 && is_udp(packet, PORT_DHCP4_SERVER, PORT_DHCP4_CLIENT))
		return WEFT_DROP_FOREIGN_DHCP;
	if (!(kinds & WEFT_SERVED_IPV6) || !is_v6)
		return NO_VIOLATION;
	if (packet->is_unreadable)
		return WEFT_DROP_NOT_CHECKED;
	if (is_udp(packet, PORT_DHCP6_SERVER, PORT_DHCP6_CLIENT))
		return WEFT_DROP_FOREIGN_DHCP;
	if (packet->protocol == PROTOCOL_ICMP6 && (type == ICMP6_ROUTER_ADVERTISEMENT || type == ICMP6_REDIRECT))
		return WEFT_DROP_FOREIGN_ROUTER;
	return NO_VIOLATION;
}

static __always_inline enum weft_service service_of(const struct packet *packet, __u32 kinds)
{
	if (packet->is_unreadable || packet->is_fragment)
		return WEFT_SERVICE_NONE;
	if (is_ip(packet)) {
		if (kinds & WEFT_SERVED_DHCP && is_udp(packet, PORT_DHCP4_CLIENT, PORT_DHCP4_SERVER))
			return WEFT_SERVICE_DHCP4;
		if (kinds & WEFT_SERVED_METADATA && packet->protocol == IPPROTO_TCP &&
		    packet->ports[1] == bpf_htons(WEFT_METADATA_PORT) &&
		    is_v4_address(&packet->destination, WEFT_METADATA_ADDRESS))
			return WEFT_SERVICE_METADATA;
	}
	if (is_ipv6(packet) && kinds & WEFT_SERVED_IPV6) {
		if (is_udp(packet, PORT_DHCP6_CLIENT, PORT_DHCP6_SERVER))
			return WEFT_SERVICE_DHCP6;
		if (packet->protocol == PROTOCOL_ICMP6 && message_type(packet) == ICMP6_ROUTER_SOLICITATION)
			return WEFT_SERVICE_ROUTER;
	}
	return WEFT_SERVICE_NONE;
}

/* One more frame of the port for weftd, within what is taken of one port in a tick. */
static __always_inline bool may_hand_over(__u32 slot, __u32 service, __u32 tick)
{
	__u32 limit = WEFT_PUNTS_PER_TICK;

	if (service != WEFT_SERVICE_METADATA)
		return is_one_more(bpf_map_lookup_elem(&punted, &slot), limit, tick);
	if (bpf_ringbuf_query(&punts, BPF_RB_AVAIL_DATA) < WEFT_PUNT_RING_BYTES / 2)
		limit = WEFT_SEGMENTS_PER_TICK;
	return is_one_more(bpf_map_lookup_elem(&punted_segments, &slot), limit, tick);
}

/* Puts the frame into the ring. */
static __always_inline bool put_punt(struct __sk_buff *skb, __u32 slot, const struct packet *packet, __u8 service,
				     __u32 tick)
{
	struct weft_punt *punt = bpf_ringbuf_reserve(&punts, sizeof(*punt), 0);
	__u32 bytes = skb->len;
	bool is_copied = false;

	if (!punt)
		return false;
	punt->port = slot;
	punt->bridge = packet->network.bridge;
	punt->vlan = packet->network.vlan;
	punt->service = service;
	punt->tick = tick;
	punt->bytes = bytes;
	/* What is compared is what is handed on, and one bound after the other: old verifiers follow no more at once.
	 */
	asm volatile("" : "+r"(bytes));
	if (bytes <= sizeof(punt->frame)) {
		asm volatile("" : "+r"(bytes));
		if (bytes >= ETH_HLEN)
			is_copied = !bpf_skb_load_bytes(skb, 0, punt->frame, bytes);
	}
	if (!is_copied) {
		bpf_ringbuf_discard(punt, 0);
		return false;
	}
	bpf_ringbuf_submit(punt, 0);
	return true;
}

__noinline int hand_over(struct __sk_buff *skb, __u32 slot, const struct packet *packet, __u32 service, __u32 tick)
{
	if (!packet)
		return TC_ACT_SHOT;
	if (skb->len > WEFT_PUNT_BYTES)
		return drop(skb, WEFT_DROP_SERVICE_TOO_BIG);
	if (!may_hand_over(slot, service, tick))
		return drop(skb, WEFT_DROP_SERVICE_LIMITED);
	decide(SERVICE, slot, service);
	if (has_effects() && !put_punt(skb, slot, packet, service, tick))
		return drop(skb, WEFT_DROP_SERVICE_ABSENT);
	return TC_ACT_SHOT;
}

/* An ARP probe or an answer to one (RFC 5227 section 2.1.1): who probes has no address yet. */
static __always_inline bool is_about_probe(const struct packet *packet)
{
	return packet->type == bpf_htons(ETH_P_ARP) && !packet->is_unreadable &&
	       (is_v4_address(&packet->source, 0) || is_v4_address(&packet->destination, 0));
}

/* weftd hears of it, and the frame goes on. */
__noinline int tell_of_probe(struct __sk_buff *skb, __u32 slot, const struct packet *packet, __u32 tick)
{
	if (packet && has_effects() && skb->len <= WEFT_PUNT_BYTES && may_hand_over(slot, WEFT_SERVICE_PROBE, tick))
		put_punt(skb, slot, packet, WEFT_SERVICE_PROBE, tick);
	return 0;
}

/* Whoever asks is there, even if the frame goes no further. False: it ends here. */
static __always_inline bool learn_asker(const struct __sk_buff *skb, const struct weft_port *in, __u32 slot,
					const struct packet *packet, __u32 tick)
{
	struct weft_fdb_key source = {.bridge = packet->network.bridge, .vlan = packet->network.vlan};
	struct origin from = {.slot = slot, .ifindex = skb->ifindex};

	if (in->flags & WEFT_PORT_FLOOD_VLANS && is_flood_vlan(packet->network.bridge, packet->network.vlan))
		return true;
	__builtin_memcpy(source.mac, packet->mac, sizeof(source.mac));
	return learn(&source, &from, false, tick) != HEARD_TOO_MUCH;
}

/* The verdict on a frame that enters by the port in `slot`; TC_ACT_UNSPEC: it goes on its way. */
__noinline int serve(struct __sk_buff *skb, __u32 slot, __u64 frame, __u32 tick)
{
	const struct weft_port *in = bpf_map_lookup_elem(&ports, &slot);
	struct packet packet = {};
	enum weft_service service;
	const __u32 *kinds;
	int reason, verdict;
	bool is_for_us;

	if (!in)
		return TC_ACT_UNSPEC;
	packet.network.bridge = in->bridge;
	packet.network.vlan = vlan_of(frame);
	kinds = in->flags & WEFT_PORT_SERVED ? bpf_map_lookup_elem(&served, &packet.network) : NULL;
	if (!kinds && !(in->flags & WEFT_PORT_CONFINED))
		return TC_ACT_UNSPEC;
	read_packet(skb, &packet);
	if (in->flags & WEFT_PORT_CONFINED) {
		reason = violation(skb, slot, &packet);
		if (reason != NO_VIOLATION)
			return drop(skb, reason);
		decide(CONFINED, slot, vlan_of(frame));
	}
	/* What customers tag is none of the bridge's networks. */
	if (!kinds || frame & FRAME_CUSTOMER)
		return TC_ACT_UNSPEC;
	reason = foreign(&packet, *kinds);
	if (reason != NO_VIOLATION)
		return drop(skb, reason);
	if (in->flags & WEFT_PORT_REMOTE) {
		if (*kinds & WEFT_SERVED_DHCP && is_about_probe(&packet))
			tell_of_probe(skb, slot, &packet, tick);
		return TC_ACT_UNSPEC;
	}
	is_for_us = is_service_mac(packet.to_mac);
	service = service_of(&packet, *kinds);
	if (service != WEFT_SERVICE_NONE) {
		if (!learn_asker(skb, in, slot, &packet, tick))
			return drop(skb, WEFT_DROP_FLAPPING);
		return hand_over(skb, slot, &packet, service, tick);
	}
	if (!is_for_us && !is_multicast(packet.to_mac))
		return TC_ACT_UNSPEC;
	verdict = answer_for_neighbour(skb, &packet);
	if (verdict != TC_ACT_UNSPEC) {
		if (!learn_asker(skb, in, slot, &packet, tick))
			return drop(skb, WEFT_DROP_FLAPPING);
		decide(NEIGHBOUR_KNOWN, slot, vlan_of(frame));
		return verdict;
	}
	return is_for_us ? drop(skb, WEFT_DROP_NO_SUCH_SERVICE) : TC_ACT_UNSPEC;
}

#endif
