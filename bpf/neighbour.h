/* Neighbours whose addresses are known are told to who asks, without asking them: an ARP request (RFC 826) or a
 * neighbour solicitation (RFC 4861 section 4.3) becomes its own answer and goes back by the port that it came by.
 *
 * Who asks for an address of its own, to see whether somebody else has it, is never told that it has it itself. Who
 * probes for another's (RFC 5227, RFC 4862 section 5.4) is told: that is a conflict. An announcement, an ARP request
 * with the sender's own address in both places, is left to those whom it is for. */
#ifndef WEFT_BPF_NEIGHBOUR_H
#define WEFT_BPF_NEIGHBOUR_H

#include <linux/pkt_cls.h>

#include "confine.h"
#include "maps.h"
#include "packet.h"
#include "tell_sender.h"

enum {
	ND_HOP_LIMIT = 255, /* Of what came from the link itself. */
	ND_HOP_LIMIT_AT = 7,
	ND_IS_ROUTER = 0x80,
	ND_IS_SOLICITED = 0x40,
	ND_OVERRIDES = 0x20,
};

struct arp_frame {
	struct ethernet ethernet;
	struct arp arp;
};

/* RFC 4861 section 4.4, with the option of section 4.6.1. */
struct advertisement {
	__u8 type;
	__u8 code;
	__be16 checksum;
	__u8 flags;
	__u8 reserved[3];
	be32_in_packet target[4];
	__u8 option;
	__u8 option_units;
	__be16 mac[3];
};

struct advertisement_frame {
	struct ethernet ethernet;
	struct ipv6 ip;
	struct advertisement message;
};
_Static_assert(sizeof(struct advertisement_frame) == 86, "as on the wire");

static __noinline long answer_arp(struct __sk_buff *skb, const struct packet *asked, const struct weft_neighbour *found)
{
	struct arp_frame frame = {.ethernet.type = bpf_htons(ETH_P_ARP),
				  .arp = {.hardware = bpf_htons(ARP_ETHERNET),
					  .protocol = bpf_htons(ETH_P_IP),
					  .hardware_bytes = 6,
					  .protocol_bytes = 4,
					  .operation = bpf_htons(ARP_REPLY),
					  .sender = asked->destination.words[3],
					  .target = asked->source.words[3]}};

	__builtin_memcpy(frame.ethernet.destination, asked->mac, sizeof(asked->mac));
	__builtin_memcpy(frame.ethernet.source, found->mac, sizeof(found->mac));
	__builtin_memcpy(frame.arp.sender_mac, found->mac, sizeof(found->mac));
	__builtin_memcpy(frame.arp.target_mac, asked->sender_mac, sizeof(asked->sender_mac));
	return bpf_skb_store_bytes(skb, 0, &frame, sizeof(frame), BPF_F_RECOMPUTE_CSUM);
}

/* To who probes, by way of the group of all (RFC 4861 section 7.2.4). */
static __always_inline void address_to(struct advertisement_frame *frame, const struct packet *asked)
{
	if (!is_unspecified(&asked->source)) {
		__builtin_memcpy(frame->ethernet.destination, asked->mac, sizeof(asked->mac));
		__builtin_memcpy(frame->ip.destination, &asked->source, sizeof(asked->source));
		frame->message.flags |= ND_IS_SOLICITED;
		return;
	}
	frame->ethernet.destination[0] = bpf_htons(0x3333);
	frame->ethernet.destination[2] = bpf_htons(1);
	frame->ip.destination[0] = bpf_htonl(0xff020000);
	frame->ip.destination[3] = bpf_htonl(1);
}

static __noinline long answer_solicitation(struct __sk_buff *skb, const struct packet *asked,
					   const struct weft_neighbour *found, const struct weft_address *target)
{
	struct advertisement_frame frame = {}; /* Not filled in here: constants would need a map of their own. */
	__u64 sum;

	frame.ethernet.type = bpf_htons(ETH_P_IPV6);
	frame.ip.version_tos_flow = bpf_htonl(0x60000000);
	frame.ip.payload_bytes = bpf_htons(sizeof(frame.message));
	frame.ip.protocol = PROTOCOL_ICMP6;
	frame.ip.hop_limit = ND_HOP_LIMIT;
	frame.message.type = ICMP6_NEIGHBOUR_ADVERTISEMENT;
	frame.message.option = ND_TARGET_MAC;
	frame.message.option_units = 1;
	frame.message.flags = ND_OVERRIDES | (found->is_router ? ND_IS_ROUTER : 0);
	address_to(&frame, asked);
	__builtin_memcpy(frame.ethernet.source, found->mac, sizeof(found->mac));
	__builtin_memcpy(frame.message.mac, found->mac, sizeof(found->mac));
	__builtin_memcpy(frame.ip.source, target, sizeof(*target));
	__builtin_memcpy(frame.message.target, target, sizeof(*target));
	sum = bpf_csum_diff(NULL, 0, (void *)frame.ip.source, sizeof(frame.ip.source) * 2, 0);
	sum = bpf_csum_diff(NULL, 0, (void *)&frame.message, sizeof(frame.message), sum);
	frame.message.checksum = complement(sum + frame.ip.payload_bytes + bpf_htons(PROTOCOL_ICMP6));
	if (skb->len != sizeof(frame) && bpf_skb_change_tail(skb, sizeof(frame), 0))
		return -1;
	return bpf_skb_store_bytes(skb, 0, &frame, sizeof(frame), BPF_F_RECOMPUTE_CSUM);
}

static __always_inline bool is_solicitation(struct __sk_buff *skb, const struct packet *packet)
{
	__u8 hop_limit;

	return packet->type == bpf_htons(ETH_P_IPV6) && packet->protocol == PROTOCOL_ICMP6 &&
	       packet->ports[0] == bpf_htons(ICMP6_NEIGHBOUR_SOLICITATION << 8) &&
	       packet->transport == ETH_HLEN + sizeof(struct ipv6) &&
	       !bpf_skb_load_bytes(skb, ETH_HLEN + ND_HOP_LIMIT_AT, &hop_limit, sizeof(hop_limit)) &&
	       hop_limit == ND_HOP_LIMIT;
}

/* The verdict on a frame that asks for a neighbour who is known; TC_ACT_UNSPEC: it does not, or not from us. */
__noinline int answer_for_neighbour(struct __sk_buff *skb, const struct packet *packet)
{
	struct weft_neighbour_key key = {};
	const struct weft_neighbour *found;
	bool is_arp;

	if (!packet || packet->is_unreadable)
		return TC_ACT_UNSPEC;
	key.network = packet->network;
	is_arp = packet->type == bpf_htons(ETH_P_ARP);
	if (is_arp) {
		if (packet->operation != bpf_htons(ARP_REQUEST) ||
		    is_same_address(&packet->source, &packet->destination))
			return TC_ACT_UNSPEC;
		key.address = packet->destination;
	} else if (!is_solicitation(skb, packet) ||
		   bpf_skb_load_bytes(skb, packet->transport + ND_TARGET, &key.address, sizeof(key.address))) {
		return TC_ACT_UNSPEC;
	}
	found = bpf_map_lookup_elem(&neighbours, &key);
	if (!found || is_same_mac((const __be16 *)found->mac, packet->mac) ||
	    (is_arp && is_same_mac((const __be16 *)found->mac, packet->sender_mac)))
		return TC_ACT_UNSPEC;
	if (is_arp ? answer_arp(skb, packet, found) : answer_solicitation(skb, packet, found, &key.address))
		return TC_ACT_SHOT;
	skb->tc_index = 0;
	return bpf_redirect(skb->ifindex, 0);
}

#endif
