/* A frame has entered by a port's device: learn where it came from, then forward it. */
#ifndef WEFT_BPF_INGRESS_H
#define WEFT_BPF_INGRESS_H

#include <linux/bpf.h>
#include <linux/pkt_cls.h>
#include <bpf/bpf_helpers.h>

#include "abi.h"
#include "count.h"
#include "decide.h"
#include "deliver.h"
#include "fdb.h"
#include "flood.h"
#include "maps.h"
#include "parse.h"
#include "serve.h"
#include "too_big.h"
#include "vlan.h"

/* Floods a frame from the address of `source`, unless this is held for flapping and has flooded enough. */
static __always_inline int flood_from(struct __sk_buff *skb, const struct weft_fdb_key *source, __u32 slot, __u64 tags,
				      __u32 tick)
{
	if (!may_flood(source, tick))
		return drop(skb, WEFT_DROP_FLAPPING);
	return flood(skb, slot, source->bridge, tags, tick);
}

static __always_inline int enter(struct __sk_buff *skb)
{
	const struct ethernet *frame = (void *)(long)skb->data;
	__u32 ifindex = skb->ifindex, tick = current_tick(), slot, out_slot, mtu_bytes;
	struct weft_fdb_key source = {}, destination = {};
	const struct weft_port *in, *out;
	const struct weft_fdb_entry *behind;
	struct origin from = {};
	enum form form;
	int verdict;
	bool to_many;
	__u32 *found;
	__u64 tags;

	if ((void *)(frame + 1) > (void *)(long)skb->data_end)
		return drop(skb, WEFT_DROP_SHORT_FRAME);
	found = bpf_map_lookup_elem(&near_slots, &ifindex);
	if (!found || !*found)
		found = bpf_map_lookup_elem(&port_slots, &ifindex);
	if (!found)
		return drop(skb, WEFT_DROP_NO_PORT);
	slot = *found;
	in = bpf_map_lookup_elem(&ports, &slot);
	if (!in)
		return drop(skb, WEFT_DROP_NO_PORT);
	decide(ENTERED, slot, 0);

	if (in->flags & WEFT_PORT_TUNNEL)
		from.vtep = brought_vtep(skb, slot, &from.vtep_id);
	if (in->flags & WEFT_PORT_STRICT_REMOTES && !from.vtep)
		return drop(skb, WEFT_DROP_UNKNOWN_REMOTE);
	if (!is_valid_source(frame->source))
		return drop(skb, WEFT_DROP_BAD_SOURCE);
	if (is_link_reserved(frame->destination) && !(in->flags & WEFT_PORT_FORWARD_BPDU))
		return drop(skb, WEFT_DROP_RESERVED_DESTINATION);
	to_many = is_multicast(frame->destination);
	__builtin_memcpy(source.mac, frame->source, sizeof(source.mac));
	__builtin_memcpy(destination.mac, frame->destination, sizeof(destination.mac));

	tags = entering_frame(skb, in, slot);
	if (tags & FRAME_REFUSED)
		return drop(skb, (enum weft_drop)(__u32)tags);
	decide(VLAN, slot, vlan_of(tags));

	source.bridge = destination.bridge = in->bridge;
	source.vlan = destination.vlan = vlan_of(tags);
	if (in->flags & (WEFT_PORT_SERVED | WEFT_PORT_CONFINED | WEFT_PORT_FLOOD_VLANS)) {
		if (in->flags & (WEFT_PORT_SERVED | WEFT_PORT_CONFINED)) {
			verdict = serve(skb, slot, tags, tick);
			if (verdict != TC_ACT_UNSPEC)
				return verdict;
		}
		if (in->flags & WEFT_PORT_FLOOD_VLANS && is_flood_vlan(in->bridge, vlan_of(tags))) {
			decide(FLOOD_VLAN, slot, vlan_of(tags));
			return flood(skb, slot, in->bridge, tags, tick);
		}
	}
	from.slot = slot;
	from.ifindex = ifindex;
	if (!learn(&source, &from, in->flags & WEFT_PORT_TUNNEL, tick))
		return drop(skb, WEFT_DROP_FLAPPING);

	if (to_many) {
		decide(TO_MANY, slot, vlan_of(tags));
		return flood_from(skb, &source, slot, tags, tick);
	}
	behind = find(&destination, tick, in->ageing_ticks);
	out_slot = behind ? behind->port : 0;
	if (out_slot == slot)
		return drop(skb, WEFT_DROP_SAME_PORT);
	out = bpf_map_lookup_elem(&ports, &out_slot);
	/* The port may have left, or have left the VLAN, since the address was learned. Slot 0 is
	 * never in use. */
	if (!behind || !out || !out->ifindex || out->bridge != in->bridge || !carries(out, out_slot, tags)) {
		if (out_slot)
			decide(FOUND_LEFT, out_slot, vlan_of(tags));
		return flood_from(skb, &source, slot, tags, tick);
	}
	form = form_on(out, tags);
	mtu_bytes = mtu_to_tell(skb, out, tags, form);
	if (mtu_bytes) {
		decide(TOO_BIG, out_slot, mtu_bytes);
		return refuse_too_big(skb, slot, mtu_bytes, tick);
	}
	if (form != form_of(tags) && set_form(skb, tags, form))
		return drop(skb, WEFT_DROP_TAG_NOT_CHANGED);
	return deliver(skb, out_slot, out, behind, tick);
}

#endif
