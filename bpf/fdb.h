/* The forwarding database: which port an address is behind. */
#ifndef WEFT_BPF_FDB_H
#define WEFT_BPF_FDB_H

#include <linux/errno.h>
#include <stdbool.h>

#include "count.h"
#include "decide.h"
#include "maps.h"
#include "vlan.h"

static __always_inline __u32 current_tick(void) { return bpf_ktime_get_coarse_ns() >> WEFT_TICK_SHIFT; }

/* Nothing is learned in such a VLAN, and what was put there does not count: all frames are flooded. */
static __noinline bool is_flood_vlan(__u32 bridge, __u16 vlan)
{
	return has(bpf_map_lookup_elem(&flood_vlans, &bridge), vlan);
}

/* Notes that the address of `key` sends through the port in `slot`. In the steady state this only
 * reads: the time is written once a tick, so that the CPUs do not fight over the cache line. */
static __always_inline void learn(const struct weft_fdb_key *key, __u32 slot, __u32 ifindex, __u32 tick)
{
	struct weft_fdb_entry *entry = bpf_map_lookup_elem(&fdb, key);

	if (!entry) {
		struct weft_fdb_entry fresh = {.port = slot, .seen_tick = tick};

		/* -EEXIST: another CPU learned it just now. An int: older kernels leave the upper half undefined. */
		int error = effect(bpf_map_update_elem(&fdb, key, &fresh, BPF_NOEXIST));

		decide(LEARNED, slot, key->vlan);
		if (error == -E2BIG)
			count(ifindex, WEFT_DROP_NOT_LEARNED);
		return;
	}
	if (entry->port == slot)
		decide(KNOWN, slot, key->vlan);
	else if (entry->owner == WEFT_FDB_LEARNED) {
		decide(MOVED, entry->port, key->vlan);
		effect(entry->port = slot);
	} else
		decide(STAYS, entry->port, key->vlan);
	if (entry->seen_tick != tick)
		effect(entry->seen_tick = tick);
}

/* The slot of the port that the address of `key` is behind; 0: not known, or not seen for too long.
 */
static __always_inline __u32 find(const struct weft_fdb_key *key, __u32 tick, __u32 ageing_ticks)
{
	const struct weft_fdb_entry *entry = bpf_map_lookup_elem(&fdb, key);

	if (!entry) {
		decide(NOT_FOUND, 0, key->vlan);
		return 0;
	}
	/* Signed: another CPU may have seen the next tick already. */
	if (entry->owner == WEFT_FDB_LEARNED && (__s32)(tick - entry->seen_tick) > (__s32)ageing_ticks) {
		decide(AGED, entry->port, key->vlan);
		return 0;
	}
	decide(FOUND, entry->port, key->vlan);
	return entry->port;
}

#endif
