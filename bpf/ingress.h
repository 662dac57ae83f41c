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
#include "flow.h"
#include "maps.h"
#include "parse.h"
#include "serve.h"
#include "too_big.h"
#include "vlan.h"

/* Floods the frame of `flow`, unless its source is held for flapping and has flooded enough. */
static __always_inline int flood_from(struct __sk_buff *skb, const struct weft_flow_key *flow, __u32 bridge, __u64 tags,
				      __u32 tick)
{
	struct weft_fdb_key source = fdb_key(bridge, flow->vlan, flow->from);

	if (!may_flood(&source, tick))
		return drop(skb, WEFT_DROP_FLAPPING);
	return flood(skb, flow->port, bridge, tags, tick);
}

/* Where a frame goes, as far as addresses tell. */
struct way {
	__u32 port; /* Slot; 0: it is not known. */
	__u32 vtep; /* Behind a tunnel, as in weft_fdb_entry. */
	__u32 vtep_claim;
};

/* Asks the forwarding database, which learns from the frame, and remembers what it says at `place`. False: the frame
 * ends here, since its source moves too fast. */
static __always_inline bool look_up(const struct weft_flow_key *flow, const struct weft_port *in,
				    const struct origin *from, bool to_many, __u32 tick, struct weft_flow *place,
				    __u32 now, struct way *way)
{
	struct weft_fdb_key source = fdb_key(in->bridge, flow->vlan, flow->from);
	struct weft_fdb_key destination = fdb_key(in->bridge, flow->vlan, flow->to);
	enum heard heard = learn(&source, from, in->flags & WEFT_PORT_TUNNEL, tick);
	const struct weft_fdb_entry *behind;

	if (heard == HEARD_TOO_MUCH)
		return false;
	if (to_many)
		return true;
	behind = find(&destination, tick, in->ageing_ticks);
	if (!behind)
		return true;
	way->port = behind->port;
	way->vtep = behind->vtep;
	way->vtep_claim = behind->vtep_claim;
	if (place && heard == HEARD_BEFORE && may_take(place, flow, tick))
		*place = (struct weft_flow){.key = *flow,
					    .tick = tick,
					    .rearranged = now,
					    .out_port = way->port,
					    .vtep = way->vtep,
					    .vtep_claim = way->vtep_claim};
	return true;
}

static __always_inline int enter(struct __sk_buff *skb)
{
	const struct ethernet *frame = (void *)(long)skb->data;
	__u32 ifindex = skb->ifindex, tick = current_tick(), slot, mtu_bytes, now;
	const struct weft_port *in, *out;
	struct weft_flow *place = NULL;
	struct weft_flow_key flow;
	struct origin from = {};
	struct way way = {};
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
	flow = flow_key(slot, frame);

	tags = entering_frame(skb, in, slot);
	if (tags & FRAME_REFUSED)
		return drop(skb, (enum weft_drop)(__u32)tags);
	decide(VLAN, slot, vlan_of(tags));
	flow.vlan = vlan_of(tags);

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
	now = rearranged(in->bridge);
	/* What comes from tunnels by this way shows who may take the fast one: each frame is looked at. */
	if (!to_many && !(in->flags & WEFT_PORT_TUNNEL))
		place = flow_place(&flow);
	if (place && is_remembered(place, &flow, now, tick))
		way = (struct way){.port = place->out_port, .vtep = place->vtep, .vtep_claim = place->vtep_claim};
	else if (!look_up(&flow, in, &from, to_many, tick, place, now, &way))
		return drop(skb, WEFT_DROP_FLAPPING);

	if (to_many) {
		decide(TO_MANY, slot, vlan_of(tags));
		return flood_from(skb, &flow, in->bridge, tags, tick);
	}
	if (way.port == slot)
		return drop(skb, WEFT_DROP_SAME_PORT);
	out = bpf_map_lookup_elem(&ports, &way.port);
	/* The port may have left, or have left the VLAN, since the address was learned. Slot 0 is
	 * never in use. */
	if (!out || !out->ifindex || out->bridge != in->bridge || !carries(out, way.port, tags)) {
		if (way.port)
			decide(FOUND_LEFT, way.port, vlan_of(tags));
		return flood_from(skb, &flow, in->bridge, tags, tick);
	}
	form = form_on(out, tags);
	mtu_bytes = mtu_to_tell(skb, out, tags, form);
	if (mtu_bytes) {
		decide(TOO_BIG, way.port, mtu_bytes);
		return refuse_too_big(skb, slot, mtu_bytes, tick);
	}
	if (form != form_of(tags) && set_form(skb, tags, form))
		return drop(skb, WEFT_DROP_TAG_NOT_CHANGED);
	return deliver(skb, way.port, out, way.vtep, way.vtep_claim, tick);
}

#endif
