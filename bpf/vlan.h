/* VLANs of frames and ports (IEEE 802.1Q; ovs-vswitchd.conf.db(5), Port "VLAN Configuration").
 *
 * The kernel has moved a frame's outer tag, 802.1Q or 802.1ad, from its bytes into the skb's metadata before tc ingress
 * sees it. A frame has a VLAN, and three forms in which a port may send it:
 *
 *   bare       no tag of ours; a tag that a customer put inside stays
 *   priority   a tag of VLAN 0 that only tells a priority
 *   tagged     the tag of its VLAN, on top of what is inside
 *
 * What we know of it goes in one 64-bit word, `frame`, since a global function takes five arguments. */
#ifndef WEFT_BPF_VLAN_H
#define WEFT_BPF_VLAN_H

#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_endian.h>
#include <stdbool.h>

#include "abi.h"
#include "decide.h"
#include "maps.h"
#include "parse.h"

enum {
	VLAN_ID = 0x0fff,
	VLAN_PRIORITY = 0xe000,
};

enum form {
	FORM_BARE,
	FORM_PRIORITY,
	FORM_TAGGED,
};

/* Bits 0 to 15 of the word are the VLAN and its tag's priority, 16 to 31 the tag inside, as in a tag. */
#define FRAME_INNER_SHIFT 16
#define FRAME_CUSTOMER ((__u64)VLAN_ID << FRAME_INNER_SHIFT) /* Not zero: a customer's tag is inside. */
#define FRAME_INNER_PRIORITY (1ULL << 32)		     /* A tag of VLAN 0 is inside. */
#define FRAME_8021AD (1ULL << 33)			     /* The tag of its VLAN has the type 0x88a8. */
#define FRAME_REFUSED (1ULL << 34)  /* It may not enter; the lower bits are an enum weft_drop. */
#define FRAME_ZERO_TAG (1ULL << 35) /* It came with a tag of VLAN 0. */
#define FRAME_FORM_SHIFT 36	    /* enum form, as it is now. */
#define FRAME_FORM (3ULL << FRAME_FORM_SHIFT)

static __always_inline __u16 vlan_of(__u64 frame) { return frame & VLAN_ID; }
static __always_inline enum form form_of(__u64 frame) { return (frame & FRAME_FORM) >> FRAME_FORM_SHIFT; }
static __always_inline __u64 in_form(__u64 frame, enum form form)
{
	return (frame & ~FRAME_FORM) | (__u64)form << FRAME_FORM_SHIFT;
}
static __always_inline __u16 inner_tag_of(__u64 frame) { return frame >> FRAME_INNER_SHIFT; }

static __always_inline bool has(const struct weft_vlan_set *set, __u16 vlan)
{
	return set && set->words[(vlan & VLAN_ID) >> 6] & 1ULL << (vlan & 63);
}

static __always_inline bool is_in_port_vlans(__u32 slot, __u16 vlan)
{
	return has(bpf_map_lookup_elem(&port_vlans, &slot), vlan);
}

/* A frame that bears no tag, whatever the port's mode. */
static __always_inline __u64 untagged_frame(const struct weft_port *in, __u32 slot)
{
	/* A native port always carries its native VLAN. */
	bool is_checked = in->vlan.mode == WEFT_VLAN_TRUNK || in->vlan.mode == WEFT_VLAN_TUNNEL;

	if (in->vlan.options & WEFT_VLAN_LIMITED && is_checked && !is_in_port_vlans(slot, 0))
		return FRAME_REFUSED | WEFT_DROP_VLAN_NOT_CARRIED;
	if (in->vlan.mode == WEFT_VLAN_TUNNEL && !(in->vlan.options & WEFT_VLAN_SERVICE_8021Q))
		return in->vlan.tag | FRAME_8021AD;
	return in->vlan.tag;
}

/* The tag of a frame that enters a tunnel becomes the tag inside. */
static __always_inline __u64 frame_for_tunnel(const struct weft_port *in, __u32 slot, __u16 tag)
{
	__u64 frame = in->vlan.tag | (__u64)tag << FRAME_INNER_SHIFT;

	if (in->vlan.options & WEFT_VLAN_LIMITED && !is_in_port_vlans(slot, tag))
		return FRAME_REFUSED | WEFT_DROP_VLAN_NOT_CARRIED;
	if (!(in->vlan.options & WEFT_VLAN_SERVICE_8021Q))
		frame |= FRAME_8021AD;
	if (tag & VLAN_ID)
		return frame; /* Of our tags it bears none: it is bare. */
	return in_form(frame | FRAME_INNER_PRIORITY | FRAME_ZERO_TAG, FORM_PRIORITY);
}

/* The tag below the outer one, where there is one; 0: none, or an empty one. */
static __always_inline __u64 inner_tag(const struct __sk_buff *skb, bool *is_there)
{
	const struct {
		struct ethernet ethernet;
		__be16 tag;
	} *start = (void *)(long)skb->data;

	*is_there = (void *)(start + 1) <= (void *)(long)skb->data_end &&
		    (start->ethernet.type == bpf_htons(ETH_P_8021Q) || start->ethernet.type == bpf_htons(ETH_P_8021AD));
	return *is_there ? bpf_ntohs(start->tag) : 0;
}

/* A frame that bears a tag. */
static __noinline __u64 tagged_frame(struct __sk_buff *skb, const struct weft_port *in, __u32 slot)
{
	__u16 tag = skb->vlan_tci & (VLAN_ID | VLAN_PRIORITY), vlan = tag & VLAN_ID;
	__u64 frame, inner;
	bool has_inner;

	if (in->vlan.mode == WEFT_VLAN_TUNNEL)
		return frame_for_tunnel(in, slot, tag);
	inner = inner_tag(skb, &has_inner);
	if (in->vlan.mode == WEFT_VLAN_ACCESS && (vlan || inner & VLAN_ID))
		return FRAME_REFUSED | WEFT_DROP_TAGGED_ON_ACCESS;
	if (in->vlan.options & WEFT_VLAN_LIMITED && (vlan || in->vlan.mode == WEFT_VLAN_TRUNK) &&
	    !is_in_port_vlans(slot, vlan))
		return FRAME_REFUSED | WEFT_DROP_VLAN_NOT_CARRIED;

	if (vlan)
		frame = in_form(tag, FORM_TAGGED);
	else /* It only carries a priority: the frame is an untagged one. */
		frame = in_form(tag | in->vlan.tag | FRAME_ZERO_TAG, FORM_PRIORITY);
	if (vlan && skb->vlan_proto == bpf_htons(ETH_P_8021AD))
		frame |= FRAME_8021AD;
	if (inner & VLAN_ID)
		frame |= inner << FRAME_INNER_SHIFT;
	else if (has_inner && vlan)
		frame |= inner << FRAME_INNER_SHIFT | FRAME_INNER_PRIORITY;
	return frame;
}

/* The frame as it enters by the port. */
static __always_inline __u64 entering_frame(struct __sk_buff *skb, const struct weft_port *in, __u32 slot)
{
	return skb->vlan_present ? tagged_frame(skb, in, slot) : untagged_frame(in, slot);
}

static __noinline bool carries_some(const struct weft_port *port, __u32 slot, __u64 frame)
{
	bool is_limited = port->vlan.options & WEFT_VLAN_LIMITED;
	__u16 vlan = vlan_of(frame);

	if (port->vlan.mode == WEFT_VLAN_TUNNEL)
		return port->vlan.tag == vlan && (!is_limited || is_in_port_vlans(slot, inner_tag_of(frame)));
	if (port->vlan.mode != WEFT_VLAN_TRUNK && port->vlan.tag && !vlan)
		return false; /* Without a tag it would be taken for one of the native VLAN. */
	return !is_limited || is_in_port_vlans(slot, vlan);
}

/* The port sends frames of this VLAN. An access port has no place for a customer's tag. */
static __always_inline bool carries(const struct weft_port *port, __u32 slot, __u64 frame)
{
	if (port->vlan.mode == WEFT_VLAN_ACCESS)
		return port->vlan.tag == vlan_of(frame) && !(frame & FRAME_CUSTOMER);
	if (port->vlan.mode == WEFT_VLAN_TRUNK && !(port->vlan.options & WEFT_VLAN_LIMITED))
		return true;
	return carries_some(port, slot, frame);
}

/* Of a frame that gets no tag of its VLAN, but has a priority to tell, or came with a tag of VLAN 0. */
static __noinline enum form form_without_vlan(const struct weft_port *port, __u64 frame)
{
	__u16 inner = frame & FRAME_INNER_PRIORITY ? inner_tag_of(frame) : 0;
	__u8 options = port->vlan.options;

	if (inner && port->vlan.mode != WEFT_VLAN_ACCESS)
		return FORM_PRIORITY; /* The customer's, not ours. */
	/* Open vSwitch lets the priority of an untagged frame through between trunks, unasked. */
	if (!vlan_of(frame) && port->vlan.mode != WEFT_VLAN_ACCESS && port->vlan.mode != WEFT_VLAN_NATIVE_UNTAGGED &&
	    (frame & VLAN_PRIORITY))
		return FORM_PRIORITY;
	if (frame & FRAME_CUSTOMER)
		return FORM_BARE;
	if (options & WEFT_VLAN_PRIORITY_TAGS && (frame & VLAN_PRIORITY || inner))
		return FORM_PRIORITY;
	return options & WEFT_VLAN_EMPTY_TAGS && frame & FRAME_ZERO_TAG ? FORM_PRIORITY : FORM_BARE;
}

/* As the port sends it. */
static __always_inline enum form form_on(const struct weft_port *port, __u64 frame)
{
	__u16 vlan = vlan_of(frame);
	bool strips = port->vlan.mode == WEFT_VLAN_ACCESS || port->vlan.mode == WEFT_VLAN_TUNNEL ||
		      (port->vlan.mode == WEFT_VLAN_NATIVE_UNTAGGED && vlan == port->vlan.tag);

	if (vlan && !strips)
		return FORM_TAGGED;
	if (!(frame & (VLAN_PRIORITY | FRAME_INNER_PRIORITY | FRAME_ZERO_TAG)))
		return FORM_BARE;
	return form_without_vlan(port, frame);
}

/* Brings the frame from the form of `frame` into another. Invalidates packet pointers. */
static __noinline long set_form(struct __sk_buff *skb, __u64 frame, enum form form)
{
	__be16 type = frame & FRAME_8021AD ? bpf_htons(ETH_P_8021AD) : bpf_htons(ETH_P_8021Q);
	bool has_inner = frame & FRAME_INNER_PRIORITY;
	enum form now = form_of(frame);
	long error = 0;

	if (now == FORM_TAGGED)
		decide(TAG_REMOVED, 0, vlan_of(frame));
	else if (now == FORM_PRIORITY)
		decide(PRIORITY_REMOVED, 0, 0);
	if (now != FORM_BARE)
		error = bpf_skb_vlan_pop(skb);
	if (!error && now == FORM_TAGGED && has_inner)
		error = bpf_skb_vlan_pop(skb);
	if (!error && form != FORM_BARE && has_inner)
		error = bpf_skb_vlan_push(skb, bpf_htons(ETH_P_8021Q), inner_tag_of(frame));
	if (!error && form == FORM_PRIORITY && !has_inner)
		error = bpf_skb_vlan_push(skb, bpf_htons(ETH_P_8021Q), frame & VLAN_PRIORITY);
	if (!error && form == FORM_TAGGED)
		error = bpf_skb_vlan_push(skb, type, frame & (VLAN_ID | VLAN_PRIORITY));
	if (form == FORM_TAGGED)
		decide(TAG_ADDED, 0, vlan_of(frame));
	else if (form == FORM_PRIORITY)
		decide(PRIORITY_ADDED, 0, 0);
	return error;
}

#endif
