/* A new address enters the table. Frames between addresses that are known never come here. */
#ifndef WEFT_BPF_LEARN_H
#define WEFT_BPF_LEARN_H

#include <linux/errno.h>
#include <stdbool.h>

#include "maps.h"

/* Which of two addresses rather gives up its place: one that was heard once only, as most of a flood of forged ones
 * are; then one behind the port that brings the new one; then the one that was silent for longer. */
#define PREFER_UNPROVEN (1ULL << 33)
#define PREFER_OWN_PORT (1ULL << 32)
#define NOT_A_CANDIDATE (1ULL << 63) /* Gone since it was learned, or put there by hand. */

/* The key that a candidate of bridge `id` stands for. */
static __always_inline struct weft_fdb_key key_of(__u32 id, struct weft_candidate candidate)
{
	struct weft_fdb_key key = {.bridge = id, .vlan = candidate.vlan};

	__builtin_memcpy(key.mac, candidate.mac, sizeof(key.mac));
	return key;
}

/* The verifier goes through a global function once, and through others at each place that calls them. What such a
 * function is given a pointer to, helpers take as a key since 6.2 only: each makes a copy. */

/* How readily the address of `key` gives up its place for one that the port in `slot` brings; 0: not at all. */
__noinline __u64 readiness(const struct weft_fdb_key *key, __u32 slot, __u32 tick)
{
	const struct weft_fdb_entry *entry;
	struct weft_fdb_key address;
	__u64 ready;
	__s32 idle;

	if (!key)
		return NOT_A_CANDIDATE;
	address = *key;
	entry = bpf_map_lookup_elem(&fdb, &address);
	if (!entry || entry->owner != WEFT_FDB_LEARNED)
		return NOT_A_CANDIDATE;
	idle = tick - entry->seen_tick; /* Negative: another CPU has seen the next tick already. */
	if (idle < 0)
		idle = 0;
	if (entry->is_proven && idle <= WEFT_BUSY_TICKS)
		return 0;
	ready = idle + 1;
	if (!entry->is_proven)
		ready |= PREFER_UNPROVEN;
	if (entry->port == slot)
		ready |= PREFER_OWN_PORT;
	return ready;
}

/* Looks at the first addresses in the queue of bridge `id` and removes the one that gives up its place most readily.
 * The others go to the queue's end. 0: done. */
__noinline int make_room(__u32 id, __u32 slot, __u32 tick)
{
	void *queue = bpf_map_lookup_elem(&candidates, &id);
	struct weft_bridge *bridge;
	struct weft_candidate candidate = {}, chosen = {};
	struct weft_fdb_key key;
	__u64 ready, most = 0;

	if (!queue)
		return -ENOENT;
	for (int i = 0; i < WEFT_EVICTION_CANDIDATES; i++) {
		if (bpf_map_pop_elem(queue, &candidate))
			break;
		key = key_of(id, candidate);
		ready = readiness(&key, slot, tick);
		if (ready == NOT_A_CANDIDATE)
			continue;
		if (ready > most) {
			struct weft_candidate spared = chosen;
			bool is_first = !most;

			most = ready;
			chosen = candidate;
			if (is_first)
				continue;
			candidate = spared;
		}
		bpf_map_push_elem(queue, &candidate, BPF_EXIST);
	}
	if (!most)
		return -ENOENT;
	key = key_of(id, chosen);
	if (bpf_map_delete_elem(&fdb, &key))
		return -ENOENT;
	bridge = bpf_map_lookup_elem(&bridges, &id);
	if (bridge) {
		__sync_fetch_and_sub(&bridge->addresses, 1);
		__sync_fetch_and_add(&bridge->evicted, 1);
	}
	return 0;
}

/* The port has not brought more new addresses in this tick than it may. */
static __always_inline bool may_learn(__u32 slot, __u32 max_addresses, __u32 tick)
{
	struct weft_learning *so_far = bpf_map_lookup_elem(&learning, &slot);
	__u32 most = max_addresses / WEFT_LEARNING_SHARE;

	if (!so_far)
		return false;
	if (most < WEFT_LEARNING_LEAST)
		most = WEFT_LEARNING_LEAST;
	if (so_far->tick != tick) {
		so_far->tick = tick;
		so_far->addresses = 0;
	}
	return __sync_fetch_and_add(&so_far->addresses, 1) < most;
}

/* Enters `key` as behind the port in `slot`. -EBUSY: too many at once. -E2BIG: the table is full of busy addresses.
 * -EEXIST: another CPU did it just now. */
__noinline int enter_address(const struct weft_fdb_key *key, __u32 slot, __u32 tick)
{
	struct weft_fdb_entry fresh = {.port = slot, .seen_tick = tick};
	struct weft_candidate candidate = {};
	struct weft_fdb_key address;
	struct weft_bridge *bridge;
	void *queue;
	__u32 id;
	int error;

	if (!key)
		return -EINVAL;
	address = *key;
	id = address.bridge;
	bridge = bpf_map_lookup_elem(&bridges, &id);
	queue = bpf_map_lookup_elem(&candidates, &id);
	if (!bridge)
		return -E2BIG;
	if (!may_learn(slot, bridge->max_addresses, tick))
		return -EBUSY;
	if (bridge->addresses >= bridge->max_addresses && make_room(id, slot, tick))
		return -E2BIG;
	/* Counted first: all CPUs together keep to the limit. */
	if (__sync_fetch_and_add(&bridge->addresses, 1) >= bridge->max_addresses)
		error = -E2BIG;
	else /* An int: older kernels leave the upper half undefined. */
		error = bpf_map_update_elem(&fdb, &address, &fresh, BPF_NOEXIST);
	if (error) {
		__sync_fetch_and_sub(&bridge->addresses, 1);
		return error;
	}
	__sync_fetch_and_add(&bridge->learned, 1);
	candidate.vlan = address.vlan;
	__builtin_memcpy(candidate.mac, address.mac, sizeof(candidate.mac));
	if (queue)
		bpf_map_push_elem(queue, &candidate, BPF_EXIST);
	return 0;
}

#endif
