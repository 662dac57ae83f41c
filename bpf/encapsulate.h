/* A frame goes to a remote end past the kernel's vxlan device: with the outer header that this device gave to a frame
 * of a moment ago (template.h). Where there is none, or the frame is an odd one, the device sends it. */
#ifndef WEFT_BPF_ENCAPSULATE_H
#define WEFT_BPF_ENCAPSULATE_H

#include <linux/pkt_cls.h>

#include "decide.h"
#include "inner.h"
#include "outer.h"
#include "passed.h"
#include "vtep.h"

#define ENCAPSULATION                                                                                                  \
	(BPF_F_ADJ_ROOM_FIXED_GSO | BPF_F_ADJ_ROOM_ENCAP_L4_UDP | BPF_F_ADJ_ROOM_ENCAP_L2(14) |                        \
	 BPF_F_ADJ_ROOM_ENCAP_L2_ETH)

static __always_inline __u16 source_port(const struct weft_template *outer, __u32 hash)
{
	/* As the kernel's device does it, so that a flow has one port whichever way its frames go. */
	hash ^= hash << 16;
	return outer->source_port + (__u32)((__u64)hash * outer->source_ports >> 32);
}

/* The outer header `made`, from the template, for a frame of `bytes`. */
static __always_inline void fill_v4(struct outer_v4 *made, __u32 checksum, __u32 bytes, __u8 ecn, __u16 port, __u16 id)
{
	__be16 length = bpf_htons(bytes + OUTER_BYTES_V4 - ETH_HLEN);

	/* Without "don't fragment" it has to differ from packet to packet (RFC 6864). */
	if (made->ip.fragment & bpf_htons(IP_DONT_FRAGMENT))
		id = 0;
	made->ip.tos |= ecn;
	made->ip.bytes = length;
	made->ip.id = id;
	made->ip.checksum = ~fold((__u64)checksum + bpf_htons(ecn) + length + id);
	made->udp.source = bpf_htons(port);
	made->udp.bytes = bpf_htons(bytes + sizeof(struct udp) + sizeof(struct vxlan));
}

static __always_inline void fill_v6(struct outer_v6 *made, __u32 bytes, __u8 ecn, __u16 port)
{
	__be16 length = bpf_htons(bytes + sizeof(struct udp) + sizeof(struct vxlan));

	made->ip.version_tos_flow |= bpf_htonl(ecn << 20);
	made->ip.payload_bytes = length;
	made->udp.source = bpf_htons(port);
	made->udp.bytes = length;
}

static __always_inline bool copy_template(struct weft_template *to, const struct weft_template *from, __u32 tick)
{
	__u32 sequence = *(volatile const __u32 *)&from->sequence;

	if (sequence & 1 || tick - from->tick >= WEFT_TEMPLATE_TICKS)
		return false;
	__builtin_memcpy(to, from, sizeof(*to));
	asm volatile("" ::: "memory");
	return *(volatile const __u32 *)&from->sequence == sequence;
}

/* Puts the finished header before the frame. */
static __always_inline int put_before(struct __sk_buff *skb, const struct weft_template *outer, const __u32 outer_bytes,
				      __u64 flags)
{
	const struct ethernet *inner = (void *)(long)skb->data;
	struct kept_ethernet kept;
	__u64 *words;
	void *data;

	if ((void *)(inner + 1) > (void *)(long)skb->data_end)
		return TC_ACT_UNSPEC;
	kept = keep_ethernet(inner);
	if (bpf_skb_adjust_room(skb, outer_bytes, BPF_ADJ_ROOM_MAC, flags | ENCAPSULATION))
		return TC_ACT_UNSPEC;
	data = (void *)(long)skb->data;
	if (data + outer_bytes + sizeof(struct ethernet) > (void *)(long)skb->data_end)
		return TC_ACT_SHOT;
	words = data;
#pragma unroll
	for (__u32 i = 0; i < outer_bytes / 8; i++)
		words[i] = outer->header[i];
	__builtin_memcpy(data + outer_bytes / 8 * 8, &outer->header[outer_bytes / 8], outer_bytes % 8);
	put_ethernet(data + outer_bytes, &kept);
	return bpf_redirect(outer->ifindex, 0);
}

/* TC_ACT_REDIRECT: it is on its way. TC_ACT_UNSPEC: it is for the kernel's vxlan device, and bears in skb->tc_index who
 * it is for. */
__noinline int send_past_tunnel(struct __sk_buff *skb, __u32 slot, __u32 vtep_id, __u32 claim, __u32 tick)
{
	struct weft_vtep *vtep = bpf_map_lookup_elem(&vteps, &vtep_id);
	struct weft_passed *counter = bpf_map_lookup_elem(&passed, &slot);
	struct weft_template outer;
	struct inner inner = {};
	__u32 bytes = skb->len;
	int verdict;
	__u16 port;

	skb->tc_index = 0;
	if (!vtep || !vtep_id || vtep->claimed_tick != claim || vtep->port != slot || !counter) {
		decide(END_NOT_KNOWN, slot, 0);
		return TC_ACT_UNSPEC;
	}
	skb->tc_index = vtep_id;
	if (!read_inner(skb, &inner)) {
		decide(NOT_PLAIN_IP, slot, 0);
		return TC_ACT_UNSPEC;
	}
	if (!copy_template(&outer, &vtep->outer, tick) || !outer.bytes || outer.generation != current_generation() ||
	    !fits(skb, &inner, outer.bytes, outer.mtu_bytes)) {
		if (!skb->hash)
			bpf_set_hash(skb, inner.flow_hash); /* So that the kernel takes the same source port. */
		decide(WAY_NOT_FRESH, slot, 0);
		return TC_ACT_UNSPEC;
	}
	port = source_port(&outer, inner.flow_hash);
	if (outer.bytes == OUTER_BYTES_V4) {
		__u16 id = counter->tx_frames + (bpf_get_smp_processor_id() << 12);

		fill_v4((void *)outer.header, outer.checksum, bytes, inner.outer_ecn, port, id);
		verdict = put_before(skb, &outer, OUTER_BYTES_V4, BPF_F_ADJ_ROOM_ENCAP_L3_IPV4);
	} else {
		fill_v6((void *)outer.header, bytes, inner.outer_ecn, port);
		verdict = put_before(skb, &outer, OUTER_BYTES_V6, BPF_F_ADJ_ROOM_ENCAP_L3_IPV6);
	}
	if (verdict != TC_ACT_REDIRECT)
		return verdict;
	skb->tc_index = 0;
	if (vtep->used_tick != tick)
		effect(vtep->used_tick = tick);
	decide(PASSED_TUNNEL, slot, 0);
	effect(counter->tx_frames += 1);
	effect(counter->tx_bytes += bytes);
	return verdict;
}

#endif
