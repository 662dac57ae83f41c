/* The forwarding database: which port an address is behind. */
#ifndef WEFT_BPF_FDB_H
#define WEFT_BPF_FDB_H

#include <stdbool.h>

#include "count.h"
#include "decide.h"
#include "learn.h"
#include "maps.h"
#include "move.h"
#include "vlan.h"
#include "vtep.h"

static __always_inline __u32 current_tick(void) { return bpf_ktime_get_coarse_ns() >> WEFT_TICK_SHIFT; }

/* Nothing is learned in such a VLAN, and what was put there does not count: all frames are flooded. */
static __noinline bool is_flood_vlan(__u32 bridge, __u16 vlan)
{
	return has(bpf_map_lookup_elem(&flood_vlans, &bridge), vlan);
}

static __always_inline struct weft_fdb_key fdb_key(__u32 bridge, __u16 vlan, const __u8 mac[6])
{
	struct weft_fdb_key key = {.bridge = bridge, .vlan = vlan};

	__builtin_memcpy(key.mac, mac, sizeof(key.mac));
	return key;
}

/* Where a frame came from. */
struct origin {
	__u32 slot; /* Of its port. */
	__u32 ifindex;
	/* Of a tunnel, through the host's stack: who sent it. */
	__u32 vtep_id;
	struct weft_vtep *vtep; /* NULL: not known. */
};

/* Notes that the address of `entry`, on `bridge`, was heard behind a tunnel, through the host's stack. */
static __noinline void admit(struct weft_fdb_entry *entry, struct weft_vtep *vtep, __u32 id, __u32 bridge, __u32 tick)
{
	__u32 before = entry->vtep, generation;
	const struct weft_vtep *known;

	if (!vtep) {
		entry->vtep = 0;
		if (before)
			rearrange(bpf_map_lookup_elem(&bridges, &bridge));
		return;
	}
	if (!vtep->is_admitted)
		vtep->is_admitted = 1;
	if (vtep->used_tick != tick)
		vtep->used_tick = tick;
	if (before != id || entry->vtep_claim != vtep->claimed_tick) {
		/* What it sends to the multicast group tells nothing new about how it is reached. */
		known = bpf_map_lookup_elem(&vteps, &before);
		if (before && known && !vtep->key.local[3] && entry->vtep_claim == known->claimed_tick &&
		    is_same_remote(known, vtep))
			return;
		entry->vtep = 0;
		entry->vtep_claim = vtep->claimed_tick;
		entry->vtep = id;
		rearrange(bpf_map_lookup_elem(&bridges, &bridge));
	}
	generation = current_generation();
	if (entry->generation != generation)
		entry->generation = generation;
	if (entry->admitted_tick != tick)
		entry->admitted_tick = tick;
}

enum heard {
	HEARD_BEFORE,	/* By this port. */
	HEARD_NEWLY,	/* Or not for good, or an address that stays behind another port. */
	HEARD_TOO_MUCH, /* The frame ends here, since its address moves too fast. */
};

/* Notes that the address of `key` sends through the port of `from`. In the steady state this only
 * reads: the time is written once a tick, so that the CPUs do not fight over the cache line. */
static __always_inline enum heard learn(const struct weft_fdb_key *key, const struct origin *from, bool is_tunnel,
					__u32 tick)
{
	struct weft_fdb_entry *entry = bpf_map_lookup_elem(&fdb, key);
	enum heard heard = HEARD_NEWLY;

	if (!entry) {
		int error = effect(enter_address(key, from->slot, tick));

		decide(LEARNED, from->slot, key->vlan);
		if (error == -EBUSY)
			count(from->ifindex, WEFT_DROP_LEARNING_LIMITED);
		else if (error && error != -EEXIST)
			count(from->ifindex, WEFT_DROP_NOT_LEARNED);
		if (!is_tunnel)
			return heard;
		entry = bpf_map_lookup_elem(&fdb, key);
		if (!entry)
			return heard;
	} else if (entry->port == from->slot) {
		decide(KNOWN, from->slot, key->vlan);
		heard = HEARD_BEFORE;
	} else if (entry->owner == WEFT_FDB_LEARNED) {
		if (is_held(entry, tick)) {
			decide(HELD, entry->port, key->vlan);
			return HEARD_TOO_MUCH;
		}
		decide(MOVED, entry->port, key->vlan);
		if (has_effects() && !move_address(entry, key->bridge, from->slot, tick))
			return HEARD_TOO_MUCH;
	} else
		decide(STAYS, entry->port, key->vlan);
	if (entry->seen_tick != tick) {
		effect(entry->seen_tick = tick);
		if (!entry->is_proven)
			effect(entry->is_proven = 1);
		if (entry->is_held)
			effect(entry->moves = 0);
	}
	if (is_tunnel && has_effects() && entry->port == from->slot)
		admit(entry, from->vtep, from->vtep_id, key->bridge, tick);
	return heard;
}

/* What is known about the address of `key`; NULL: nothing, or it was not seen for too long. */
static __always_inline const struct weft_fdb_entry *find(const struct weft_fdb_key *key, __u32 tick, __u32 ageing_ticks)
{
	const struct weft_fdb_entry *entry = bpf_map_lookup_elem(&fdb, key);

	if (!entry) {
		decide(NOT_FOUND, 0, key->vlan);
		return NULL;
	}
	/* Signed: another CPU may have seen the next tick already. */
	if (entry->owner == WEFT_FDB_LEARNED && (__s32)(tick - entry->seen_tick) > (__s32)ageing_ticks) {
		decide(AGED, entry->port, key->vlan);
		return NULL;
	}
	decide(FOUND, entry->port, key->vlan);
	return entry;
}

#endif
