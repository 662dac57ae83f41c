/* What the kernel's vxlan device sends, seen as it leaves by the underlay device: after routing, the neighbour table
 * and the output firewall. Its outer header is kept as the template for frames that go past the kernel's device.
 *
 * Only frames that we handed to the vxlan device are looked at: they bear the number of the VTEP that they are for in
 * skb->tc_index (encapsulate.h). */
#ifndef WEFT_BPF_TEMPLATE_H
#define WEFT_BPF_TEMPLATE_H

#include <linux/pkt_cls.h>

#include "fdb.h"
#include "outer.h"
#include "vtep.h"

/* The frame's outer header, as it is to be kept; its length, 0: it is none that can be kept. */
static __always_inline __u32 read_template_v4(struct __sk_buff *skb, const struct weft_vtep_key *key, void *header,
					      __u32 *checksum)
{
	struct outer_v4 *outer = header;

	if (bpf_skb_load_bytes(skb, 0, outer, sizeof(*outer)) || !is_sound(&outer->ip))
		return 0;
	if (outer->ip.protocol != IPPROTO_UDP || outer->udp.destination != bpf_htons(key->dst_port) ||
	    !is_plain(&outer->vxlan))
		return 0;
	if (outer->ip.destination != key->remote[3] || key->remote[2] != bpf_htonl(0xffff) ||
	    vni_of(&outer->vxlan) != key->vni)
		return 0;
	outer->ip.tos &= ~ECN_MASK;
	outer->ip.bytes = outer->ip.id = outer->ip.checksum = 0;
	outer->udp.source = outer->udp.bytes = outer->udp.checksum = 0;
	*checksum = sum_of(&outer->ip);
	return OUTER_BYTES_V4;
}

static __always_inline __u32 read_template_v6(struct __sk_buff *skb, const struct weft_vtep_key *key, void *header)
{
	struct outer_v6 *outer = header;
	if (bpf_skb_load_bytes(skb, 0, outer, sizeof(*outer)) || !is_v6(&outer->ip))
		return 0;
	if (outer->ip.protocol != IPPROTO_UDP || outer->udp.destination != bpf_htons(key->dst_port) ||
	    !is_plain(&outer->vxlan))
		return 0;
	for (int i = 0; i < 4; i++)
		if (outer->ip.destination[i] != key->remote[i])
			return 0;
	/* With a checksum, which over IPv6 is the rule (RFC 8200 section 8.1), only the kernel can send. */
	if (vni_of(&outer->vxlan) != key->vni || outer->udp.checksum)
		return 0;
	outer->ip.version_tos_flow &= ~bpf_htonl(ECN_MASK << 20);
	outer->ip.payload_bytes = 0;
	outer->udp.source = outer->udp.bytes = 0;
	return OUTER_BYTES_V6;
}

/* A reader who finds an odd sequence, or another one than before, sends his frame the slow way. */
static __noinline void keep_template(struct weft_template *kept, const struct weft_template *seen)
{
	bool is_same = kept->bytes == seen->bytes && kept->ifindex == seen->ifindex &&
		       kept->mtu_bytes == seen->mtu_bytes && kept->source_port == seen->source_port &&
		       kept->source_ports == seen->source_ports;

	for (int i = 0; i < 9; i++)
		is_same &= kept->header[i] == seen->header[i];
	if (!is_same) {
		__u32 sequence = kept->sequence;

		if (sequence & 1 || __sync_val_compare_and_swap(&kept->sequence, sequence, sequence + 1) != sequence)
			return; /* Another CPU is at it. */
		for (int i = 0; i < 9; i++)
			kept->header[i] = seen->header[i];
		kept->ifindex = seen->ifindex;
		kept->mtu_bytes = seen->mtu_bytes;
		kept->checksum = seen->checksum;
		kept->source_port = seen->source_port;
		kept->source_ports = seen->source_ports;
		kept->bytes = seen->bytes;
		__sync_fetch_and_add(&kept->sequence, 1);
	}
	kept->generation = seen->generation;
	kept->tick = seen->tick;
}

static __noinline void learn_template(struct __sk_buff *skb, struct weft_vtep *vtep)
{
	struct weft_template seen = {
	    .tick = current_tick(), .generation = current_generation(), .ifindex = skb->ifindex};
	struct weft_tunnel_key key = {.vni = vtep->key.vni, .dst_port = vtep->key.dst_port};
	const struct weft_tunnel *tunnel;

	if (skb->vlan_present)
		return;
	if (skb->protocol == bpf_htons(ETH_P_IP)) {
		seen.bytes = read_template_v4(skb, &vtep->key, seen.header, &seen.checksum);
	} else if (skb->protocol == bpf_htons(ETH_P_IPV6)) {
		seen.bytes = read_template_v6(skb, &vtep->key, seen.header);
		key.is_ipv6 = 1;
	}
	if (!seen.bytes)
		return;
	tunnel = bpf_map_lookup_elem(&tunnels, &key);
	if (!tunnel || tunnel->port != vtep->port || tunnel->flags & WEFT_TUNNEL_KERNEL_SENDS)
		return;
	seen.source_port = tunnel->source_port;
	seen.source_ports = tunnel->source_ports;
	if (bpf_check_mtu(skb, 0, &seen.mtu_bytes, 0, 0) < 0)
		return;
	keep_template(&vtep->outer, &seen);
}

static __always_inline int leave_by_underlay(struct __sk_buff *skb)
{
	__u32 id = skb->tc_index;
	struct weft_vtep *vtep;

	if (!id)
		return TC_ACT_UNSPEC; /* Not ours: other filters have their turn. */
	vtep = bpf_map_lookup_elem(&vteps, &id);
	if (vtep && vtep->claimed_tick && vtep->claimed_tick != VTEP_CHANGING)
		learn_template(skb, vtep);
	skb->tc_index = 0; /* The other end may be on this host, too, with a meaning of its own for it. */
	return TC_ACT_UNSPEC;
}

#endif
