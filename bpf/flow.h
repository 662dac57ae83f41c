/* Frames of one address to another, of which one was forwarded in this tick already: by one short look the next ones
 * find what it took two in the forwarding database to know. A flow is remembered by the CPU that forwarded it, for the
 * rest of the tick, so that what is done once a tick, such as keeping addresses young, is not missed; and only as long
 * as nothing was rearranged: weft_bridge.rearranged counts on whenever an address of the bridge moves, or weftd enters
 * or removes one. Ports, VLANs and services are judged anew for every frame. */
#ifndef WEFT_BPF_FLOW_H
#define WEFT_BPF_FLOW_H

#include <stdbool.h>

#include "decide.h"
#include "maps.h"
#include "parse.h"

static __always_inline struct weft_flow_key flow_key(__u32 slot, const struct ethernet *frame)
{
	struct weft_flow_key key = {.port = slot};
	__u64 first = long_word_at(frame);
	__u32 second = word_at((const void *)frame + sizeof(first));

	__builtin_memcpy(&key, &first, sizeof(first));
	__builtin_memcpy((void *)&key + sizeof(first), &second, sizeof(second));
	return key;
}

/* What makes flows of the bridge count no more. It is read before what is to be remembered is looked up. */
static __always_inline __u32 rearranged(__u32 bridge)
{
	const struct weft_bridge *found = bpf_map_lookup_elem(&bridges, &bridge);

	return found ? found->rearranged : 0;
}

static __always_inline void rearrange(struct weft_bridge *bridge)
{
	if (bridge)
		__sync_fetch_and_add(&bridge->rearranged, 1);
}

/* Where the flow of `key` is remembered, or another with the same hash. Traced frames tell every step: NULL. */
static __always_inline struct weft_flow *flow_place(const struct weft_flow_key *key)
{
	const __u64 *words = (const void *)key;
	__u32 place = ((words[0] ^ words[1] << 7) * 0x9e3779b97f4a7c15) >> (64 - WEFT_FLOW_BITS);

	return WEFT_TRACING ? NULL : bpf_map_lookup_elem(&flows, &place);
}

static __always_inline bool is_of(const struct weft_flow *flow, const struct weft_flow_key *key)
{
	const __u64 *kept = (const void *)&flow->key, *words = (const void *)key;

	return !((kept[0] ^ words[0]) | (kept[1] ^ words[1]));
}

/* `now`: what rearranged() says. */
static __always_inline bool is_remembered(const struct weft_flow *flow, const struct weft_flow_key *key, __u32 now,
					  __u32 tick)
{
	return is_of(flow, key) && flow->tick == tick && flow->rearranged == now;
}

/* A place is its flow's for the rest of the tick: two that meet in one do not drive each other out with every frame. */
static __always_inline bool may_take(const struct weft_flow *place, const struct weft_flow_key *key, __u32 tick)
{
	return place->tick != tick || is_of(place, key);
}

#endif
