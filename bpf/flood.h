/* A copy of the frame to every other port of its bridge that carries its VLAN.
 * The ports are a list through `ports`. Some send the frame tagged and some untagged: all that take
 * it as it is come first, then its tag is changed once and the list is walked again. */
#ifndef WEFT_BPF_FLOOD_H
#define WEFT_BPF_FLOOD_H

#include "count.h"
#include "maps.h"
#include "vlan.h"

enum {
	/* The verifier walks through every turn of a loop, but through a global function only once:
	 * so the longest list is STRETCHES calls of a function that loops over STRETCH_PORTS. */
	FLOOD_STRETCH_PORTS = 128,
	FLOOD_STRETCHES = WEFT_MAX_PORTS / FLOOD_STRETCH_PORTS,
};

/* What a stretch returns, above the 32 bits of the slot to go on with. */
#define FLOOD_SENT (1ULL << 32)	  /* Some port got a copy. */
#define FLOOD_OTHERS (1ULL << 33) /* Some port wants the other representation. */

static __always_inline void send_copy(struct __sk_buff *skb, const struct weft_port *out)
{
	if (bpf_clone_redirect(skb, out->ifindex, 0))
		count(out->ifindex, WEFT_DROP_NOT_SENT);
}

/* Serves the next ports of the list, from `slot` on, that take the frame as it is. Not static:
 * verified by itself. */
__noinline __u64 flood_stretch(struct __sk_buff *skb, __u32 slot, __u32 in_slot, __u16 vlan, bool tagged)
{
	const struct weft_port *in = bpf_map_lookup_elem(&ports, &in_slot);
	__u64 result = 0;

	if (!in)
		return 0;
	for (int i = 0; i < FLOOD_STRETCH_PORTS; i++) {
		const struct weft_port *out = bpf_map_lookup_elem(&ports, &slot);

		/* The second: the slot was freed and taken by another bridge while we stood on it.
		 */
		if (!slot || !out || out->bridge != in->bridge)
			return result;
		if (slot != in_slot && out->ifindex && carries(out, vlan)) {
			if (is_tagged_on(out, vlan) == tagged) {
				send_copy(skb, out);
				result |= FLOOD_SENT;
			} else {
				result |= FLOOD_OTHERS;
			}
		}
		slot = out->next;
	}
	return result | slot;
}

/* One walk through the whole list; FLOOD_SENT, FLOOD_OTHERS or both. */
static __noinline __u64 flood_pass(struct __sk_buff *skb, __u32 first, __u32 in_slot, __u16 vlan, bool tagged)
{
	__u64 result = first, flags = 0;

	for (int i = 0; i < FLOOD_STRETCHES && (__u32)result; i++) {
		result = flood_stretch(skb, (__u32)result, in_slot, vlan, tagged);
		flags |= result & (FLOOD_SENT | FLOOD_OTHERS);
	}
	return flags;
}

/* `tagged`: how the frame came in. */
static __always_inline int flood(struct __sk_buff *skb, __u32 in_slot, const struct weft_port *in, __u16 vlan,
				 bool tagged, __u16 priority)
{
	__u32 bridge_slot = in->bridge;
	const struct weft_bridge *bridge = bpf_map_lookup_elem(&bridges, &bridge_slot);
	__u64 flags;
	__u32 first;

	if (!bridge)
		return drop(skb, WEFT_DROP_NO_RECEIVER);
	first = bridge->first_port;
	flags = flood_pass(skb, first, in_slot, vlan, tagged);
	if (flags & FLOOD_OTHERS) {
		if (set_tagged(skb, !tagged, vlan, priority))
			return drop(skb, WEFT_DROP_TAG_NOT_CHANGED);
		flags |= flood_pass(skb, first, in_slot, vlan, !tagged);
	}
	if (!(flags & FLOOD_SENT))
		return drop(skb, WEFT_DROP_NO_RECEIVER);
	return TC_ACT_SHOT; /* The copies are on their way; the original has served. */
}

#endif
