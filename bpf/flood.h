/* A copy of the frame to every other port of its bridge that carries its VLAN.
 * The ports are a list through `ports`. They send the frame in up to three forms: all that take it as it is come first,
 * then it is changed, once for each other form, and the list is walked again. */
#ifndef WEFT_BPF_FLOOD_H
#define WEFT_BPF_FLOOD_H

#include "count.h"
#include "decide.h"
#include "maps.h"
#include "too_big.h"
#include "vlan.h"

enum {
	/* The verifier walks through every turn of a loop and all ways through each, but through a global function
	 * only once: so all of this is global functions. */
	FLOOD_STRETCH_PORTS = 128,
	FLOOD_STRETCHES = WEFT_MAX_PORTS / FLOOD_STRETCH_PORTS,
};

/* What they return, above the 32 bits of the slot to go on with. */
#define FLOOD_SENT (1ULL << 32)			   /* Some port got a copy. */
#define FLOOD_WANTED(form) (1ULL << (33 + (form))) /* Some port wants it in this other form. */
#define FLOOD_FLAGS (FLOOD_SENT | FLOOD_WANTED(FORM_BARE) | FLOOD_WANTED(FORM_PRIORITY) | FLOOD_WANTED(FORM_TAGGED))
/* And above these the least MTU of the tunnels that it is too big for; 0: none. It is handed on in `frame`, too. */
#define FLOOD_MTU_SHIFT 48
#define FLOOD_MTU (0xffffULL << FLOOD_MTU_SHIFT)

static __always_inline __u64 with_mtu_of(__u64 result, __u64 frame)
{
	return (frame & ~FLOOD_MTU) | (result & FLOOD_MTU);
}

static __always_inline __u64 with_least_mtu(__u64 frame, __u64 mtu_bytes)
{
	__u64 before = frame >> FLOOD_MTU_SHIFT;

	return before && before < mtu_bytes ? frame & FLOOD_MTU : mtu_bytes << FLOOD_MTU_SHIFT;
}

/* One port of the list. It gets the frame if it takes it in the form that it has now. */
__noinline __u64 flood_port(struct __sk_buff *skb, __u32 slot, __u32 in_slot, __u32 bridge, __u64 frame)
{
	const struct weft_port *out = bpf_map_lookup_elem(&ports, &slot);
	__u64 result = frame & FLOOD_MTU;
	enum form form;
	__u32 mtu_bytes;

	/* The second: the slot was freed and taken by another bridge while we stood on it. */
	if (!out || out->bridge != bridge)
		return result;
	result |= out->next;
	if (!out->ifindex)
		return result;
	if (slot == in_slot) {
		decide(NOT_BACK, slot, vlan_of(frame));
		return result;
	}
	if (!carries(out, slot, frame)) {
		decide(OTHER_VLAN, slot, vlan_of(frame));
		return result;
	}
	form = form_on(out, frame);
	if (form != form_of(frame))
		return result | FLOOD_WANTED(form);
	mtu_bytes = mtu_to_tell(skb, out, frame, form);
	if (mtu_bytes) {
		decide(TOO_BIG, slot, mtu_bytes);
		return (__u32)result | with_least_mtu(frame, mtu_bytes);
	}
	decide(COPY_TO, slot, vlan_of(frame));
	if (effect(bpf_clone_redirect(skb, out->ifindex, 0)))
		count(out->ifindex, WEFT_DROP_NOT_SENT);
	return result | FLOOD_SENT;
}

/* The next ports of the list, from `slot` on. */
__noinline __u64 flood_stretch(struct __sk_buff *skb, __u32 slot, __u32 in_slot, __u32 bridge, __u64 frame)
{
	__u64 result = slot, flags = 0;

	for (int i = 0; i < FLOOD_STRETCH_PORTS && (__u32)result; i++) {
		result = flood_port(skb, result, in_slot, bridge, frame);
		flags |= result & FLOOD_FLAGS;
		frame = with_mtu_of(result, frame);
	}
	return (__u32)result | flags | (frame & FLOOD_MTU);
}

/* One walk through the whole list, serving all that take the frame as it is. */
__noinline __u64 flood_pass(struct __sk_buff *skb, __u32 first, __u32 in_slot, __u32 bridge, __u64 frame)
{
	__u64 result = first, flags = 0;

	for (int i = 0; i < FLOOD_STRETCHES && (__u32)result; i++) {
		result = flood_stretch(skb, result, in_slot, bridge, frame);
		flags |= result & FLOOD_FLAGS;
		frame = with_mtu_of(result, frame);
	}
	return flags | (frame & FLOOD_MTU);
}

__noinline int flood(struct __sk_buff *skb, __u32 in_slot, __u32 bridge, __u64 frame, __u32 tick)
{
	enum form form_before = form_of(frame);
	__u32 first;
	const struct weft_bridge *settings = bpf_map_lookup_elem(&bridges, &bridge);
	__u64 flags, result;

	if (!settings)
		return drop(skb, WEFT_DROP_NO_RECEIVER);
	first = settings->first_port;
	skb->tc_index = 0; /* To a tunnel it would mean somebody (encapsulate.h). */
	decide(FLOOD, in_slot, vlan_of(frame));
	flags = flood_pass(skb, first, in_slot, bridge, frame);
	frame = with_mtu_of(flags, frame);
	for (enum form form = FORM_BARE; form <= FORM_TAGGED; form++) {
		if (form == form_of(frame) || !(flags & FLOOD_WANTED(form)))
			continue;
		flags &= ~FLOOD_WANTED(form);
		if (set_form(skb, frame, form))
			return drop(skb, WEFT_DROP_TAG_NOT_CHANGED);
		frame = in_form(frame, form);
		result = flood_pass(skb, first, in_slot, bridge, frame);
		flags |= result & FLOOD_SENT;
		frame = with_mtu_of(result, frame);
	}
	if (frame & FLOOD_MTU) {
		if (form_before != form_of(frame) && set_form(skb, frame, form_before))
			return drop(skb, WEFT_DROP_TAG_NOT_CHANGED);
		return refuse_too_big(skb, in_slot, frame >> FLOOD_MTU_SHIFT, tick);
	}
	if (!(flags & FLOOD_SENT))
		return drop(skb, WEFT_DROP_NO_RECEIVER);
	return TC_ACT_SHOT; /* The copies are on their way; the original has served. */
}

#endif
