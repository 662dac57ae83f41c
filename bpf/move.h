/* An address sends through another port than before. That is how a VM migrates; it is also what a loop looks like. */
#ifndef WEFT_BPF_MOVE_H
#define WEFT_BPF_MOVE_H

#include <stdbool.h>

#include "decide.h"
#include "flow.h"
#include "maps.h"

static __always_inline bool is_still_port(__u32 slot)
{
	const struct weft_port *port = bpf_map_lookup_elem(&ports, &slot);

	return port && port->ifindex;
}

static __always_inline bool is_held(const struct weft_fdb_entry *entry, __u32 tick)
{
	return entry->is_held && (__u16)(tick - entry->moved_tick) <= WEFT_HELD_TICKS && is_still_port(entry->port);
}

/* The address of `entry`, which is not held, sends through the port in `slot` now. False: it has done so too often, and
 * is held to where it was before it began. In a loop that is where its host is, so that no port of the loop is left.
 * Where its port has left the bridge it begins anew: that is a guest that started again. */
static __noinline bool move_address(struct weft_fdb_entry *entry, __u32 id, __u32 slot, __u32 tick)
{
	struct weft_bridge *bridge = bpf_map_lookup_elem(&bridges, &id);
	__u32 home;

	if (entry->is_held || !entry->moves || (__u16)(tick - entry->moved_tick) > WEFT_MOVES_TICKS ||
	    !is_still_port(entry->port)) {
		entry->is_held = 0;
		entry->moves = 0;
		entry->moved_tick = tick;
		entry->other_port = entry->port;
	}
	if (entry->moves < WEFT_MOVES_LIMIT) {
		entry->moves += 1;
		entry->port = slot;
		rearrange(bridge);
		if (bridge)
			__sync_fetch_and_add(&bridge->moved, 1);
		return true;
	}
	home = entry->other_port;
	entry->other_port = slot == home ? entry->port : slot;
	entry->port = home;
	entry->moved_tick = tick;
	entry->is_held = 1;
	entry->moves = 0;
	rearrange(bridge);
	return slot == home;
}

/* A frame from the address of `key` is to be flooded. Where the loop is beyond the port that the address is held to,
 * it is only this that ends it. */
static __noinline bool may_flood(const struct weft_fdb_key *key, __u32 tick)
{
	struct weft_fdb_entry *entry = bpf_map_lookup_elem(&fdb, key);

	if (!entry || !is_held(entry, tick))
		return true;
	if (entry->moves >= WEFT_HELD_FLOODS)
		return false;
	effect(entry->moves += 1);
	return true;
}

#endif
