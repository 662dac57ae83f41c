/* A copy of the frame to every other port of its bridge that carries its VLAN.
 * The ports are a list through `ports`. They send the frame in up to three forms: all that take it as it is come first,
 * then it is changed, once for each other form, and the list is walked again. */
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
#define FLOOD_SENT (1ULL << 32)			   /* Some port got a copy. */
#define FLOOD_WANTED(form) (1ULL << (33 + (form))) /* Some port wants it in this other form. */
#define FLOOD_FLAGS (FLOOD_SENT | FLOOD_WANTED(FORM_BARE) | FLOOD_WANTED(FORM_PRIORITY) | FLOOD_WANTED(FORM_TAGGED))

/* One port of the list. It gets the frame if it takes it in the form that it has now. */
__noinline __u64 flood_port(struct __sk_buff *skb, __u32 slot, __u32 in_slot, __u32 bridge, __u64 frame)
{
	const struct weft_port *out = bpf_map_lookup_elem(&ports, &slot);
	enum form form;

	/* The second: the slot was freed and taken by another bridge while we stood on it. */
	if (!out || out->bridge != bridge)
		return 0;
	if (!out->ifindex)
		return out->next;
	if (slot == in_slot) {
		decide(NOT_BACK, slot, vlan_of(frame));
		return out->next;
	}
	if (!carries(out, slot, frame)) {
		decide(OTHER_VLAN, slot, vlan_of(frame));
		return out->next;
	}
	form = form_on(out, frame);
	if (form != form_of(frame))
		return out->next | FLOOD_WANTED(form);
	decide(COPY_TO, slot, vlan_of(frame));
	if (effect(bpf_clone_redirect(skb, out->ifindex, 0)))
		count(out->ifindex, WEFT_DROP_NOT_SENT);
	return out->next | FLOOD_SENT;
}

/* The next ports of the list, from `slot` on. */
__noinline __u64 flood_stretch(struct __sk_buff *skb, __u32 slot, __u32 in_slot, __u32 bridge, __u64 frame)
{
	__u64 result = slot, flags = 0;

	for (int i = 0; i < FLOOD_STRETCH_PORTS && (__u32)result; i++) {
		result = flood_port(skb, result, in_slot, bridge, frame);
		flags |= result & FLOOD_FLAGS;
	}
	return (__u32)result | flags;
}

/* One walk through the whole list, serving all that take the frame as it is. */
static __noinline __u64 flood_pass(struct __sk_buff *skb, __u32 first, __u32 in_slot, __u32 bridge, __u64 frame)
{
	__u64 result = first, flags = 0;

	for (int i = 0; i < FLOOD_STRETCHES && (__u32)result; i++) {
		result = flood_stretch(skb, result, in_slot, bridge, frame);
		flags |= result & FLOOD_FLAGS;
	}
	return flags;
}

static __always_inline int flood(struct __sk_buff *skb, __u32 in_slot, const struct weft_port *in, __u64 frame)
{
	__u32 bridge = in->bridge, first;
	const struct weft_bridge *settings = bpf_map_lookup_elem(&bridges, &bridge);
	__u64 flags;

	if (!settings)
		return drop(skb, WEFT_DROP_NO_RECEIVER);
	first = settings->first_port;
	skb->tc_index = 0; /* To a tunnel it would mean somebody (encapsulate.h). */
	decide(FLOOD, in_slot, vlan_of(frame));
	flags = flood_pass(skb, first, in_slot, bridge, frame);
	for (enum form form = FORM_BARE; form <= FORM_TAGGED; form++) {
		if (form == form_of(frame) || !(flags & FLOOD_WANTED(form)))
			continue;
		flags &= ~FLOOD_WANTED(form);
		if (set_form(skb, frame, form))
			return drop(skb, WEFT_DROP_TAG_NOT_CHANGED);
		frame = in_form(frame, form);
		flags |= flood_pass(skb, first, in_slot, bridge, frame) & FLOOD_SENT;
	}
	if (!(flags & FLOOD_SENT))
		return drop(skb, WEFT_DROP_NO_RECEIVER);
	return TC_ACT_SHOT; /* The copies are on their way; the original has served. */
}

#endif
