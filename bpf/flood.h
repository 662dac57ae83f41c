/* A copy of the frame to every other port of its bridge that carries its VLAN.
 * The ports are a list through `ports`. Some send the frame tagged and some untagged: all that take
 * it as it is come first, then its tag is changed once and the list is walked again. */
#ifndef WEFT_BPF_FLOOD_H
#define WEFT_BPF_FLOOD_H

#include "count.h"
#include "decide.h"
#include "maps.h"
#include "vlan.h"

enum {
	/* The verifier walks through every turn of a loop and all ways through each, but through a global function
	 * only once: so a port, and a stretch of ports, are global functions. */
	FLOOD_STRETCH_PORTS = 128,
	FLOOD_STRETCHES = WEFT_MAX_PORTS / FLOOD_STRETCH_PORTS,
};

/* What they return, above the 32 bits of the slot to go on with. */
#define FLOOD_SENT (1ULL << 32)	  /* Some port got a copy. */
#define FLOOD_OTHERS (1ULL << 33) /* Some port wants the other representation. */
#define FLOOD_FLAGS (FLOOD_SENT | FLOOD_OTHERS)

/* The frame as the ports get it: its VLAN, and this bit where it bears a tag. */
#define FLOOD_TAGGED (1U << 16)

/* One port of the list. */
__noinline __u64 flood_port(struct __sk_buff *skb, __u32 slot, __u32 in_slot, __u32 bridge, __u32 frame)
{
	const struct weft_port *out = bpf_map_lookup_elem(&ports, &slot);
	__u16 vlan = frame;
	bool tagged = frame & FLOOD_TAGGED;

	/* The second: the slot was freed and taken by another bridge while we stood on it. */
	if (!out || out->bridge != bridge)
		return 0;
	if (!out->ifindex)
		return out->next;
	if (slot == in_slot) {
		decide(NOT_BACK, slot, vlan);
		return out->next;
	}
	if (!carries(out, vlan)) {
		decide(OTHER_VLAN, slot, vlan);
		return out->next;
	}
	if (is_tagged_on(out, vlan) != tagged)
		return out->next | FLOOD_OTHERS;
	decide(COPY_TO, slot, vlan);
	if (effect(bpf_clone_redirect(skb, out->ifindex, 0)))
		count(out->ifindex, WEFT_DROP_NOT_SENT);
	return out->next | FLOOD_SENT;
}

/* The next ports of the list, from `slot` on. */
__noinline __u64 flood_stretch(struct __sk_buff *skb, __u32 slot, __u32 in_slot, __u32 bridge, __u32 frame)
{
	__u64 result = slot, flags = 0;

	for (int i = 0; i < FLOOD_STRETCH_PORTS && (__u32)result; i++) {
		result = flood_port(skb, result, in_slot, bridge, frame);
		flags |= result & FLOOD_FLAGS;
	}
	return (__u32)result | flags;
}

/* One walk through the whole list, serving all that take the frame as it is. */
static __noinline __u64 flood_pass(struct __sk_buff *skb, __u32 first, __u32 in_slot, __u32 bridge, __u32 frame)
{
	__u64 result = first, flags = 0;

	for (int i = 0; i < FLOOD_STRETCHES && (__u32)result; i++) {
		result = flood_stretch(skb, result, in_slot, bridge, frame);
		flags |= result & FLOOD_FLAGS;
	}
	return flags;
}

/* `tagged`: how the frame came in. */
static __always_inline int flood(struct __sk_buff *skb, __u32 in_slot, const struct weft_port *in, __u16 vlan,
				 bool tagged, __u16 priority)
{
	__u32 bridge = in->bridge, frame = vlan | (tagged ? FLOOD_TAGGED : 0), first;
	const struct weft_bridge *settings = bpf_map_lookup_elem(&bridges, &bridge);
	__u64 flags;

	if (!settings)
		return drop(skb, WEFT_DROP_NO_RECEIVER);
	first = settings->first_port;
	decide(FLOOD, in_slot, vlan);
	flags = flood_pass(skb, first, in_slot, bridge, frame);
	if (flags & FLOOD_OTHERS) {
		if (set_tagged(skb, !tagged, vlan, priority))
			return drop(skb, WEFT_DROP_TAG_NOT_CHANGED);
		flags |= flood_pass(skb, first, in_slot, bridge, frame ^ FLOOD_TAGGED);
	}
	if (!(flags & FLOOD_SENT))
		return drop(skb, WEFT_DROP_NO_RECEIVER);
	return TC_ACT_SHOT; /* The copies are on their way; the original has served. */
}

#endif
