/* The remote ends of tunnels, and how one of them comes to be trusted.
 *
 * A frame on the underlay looks up the entry of its remote end, or claims one, and takes the entry's number with it
 * through the host's own stack, in skb->tc_index: nothing on that way touches it. What arrives on the other side of the
 * kernel's vxlan device with a number has passed the host's firewall, and was for us. Only there the remote end, and
 * the inner address behind it, is admitted to the fast path. */
#ifndef WEFT_BPF_VTEP_H
#define WEFT_BPF_VTEP_H

#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
#include <stdbool.h>

#include "abi.h"
#include "maps.h"

enum {
	VTEP_PROBES = 8,
};
#define VTEP_CHANGING 0xffffffffU /* In claimed_tick. */

static __always_inline __u32 hash_of(const struct weft_vtep_key *key)
{
	__u32 hash = key->vni ^ (__u32)key->dst_port << 16;

	hash ^= key->remote[0] ^ key->remote[1] ^ key->remote[3];
	hash = hash * 0x9e3779b1 ^ key->local[3];
	return (hash * 0x85ebca6b) >> 16;
}

static __always_inline bool is_same_key(const struct weft_vtep_key *a, const struct weft_vtep_key *b)
{
	const __u64 *x = (const void *)a, *y = (const void *)b;

	return !((x[0] ^ y[0]) | (x[1] ^ y[1]) | (x[2] ^ y[2]) | (x[3] ^ y[3]) | (x[4] ^ y[4]));
}

/* The number of the entry for `key`; 0: there is none. */
__noinline __u32 find_vtep(const struct weft_vtep_key *key)
{
	__u32 hash, id;

	if (!key)
		return 0;
	hash = hash_of(key);
	for (__u32 i = 0; i < VTEP_PROBES; i++) {
		const struct weft_vtep *vtep;

		id = (hash + i) & (WEFT_MAX_VTEPS - 1);
		vtep = bpf_map_lookup_elem(&vteps, &id);
		if (!vtep || !vtep->claimed_tick)
			continue;
		if (id && is_same_key(&vtep->key, key))
			return id;
	}
	return 0;
}

static __always_inline bool is_replaceable(const struct weft_vtep *vtep, __u32 tick)
{
	if (!vtep->claimed_tick)
		return true;
	if (!vtep->is_admitted)
		return (__s32)(tick - vtep->claimed_tick) > WEFT_VTEP_OFFER_TICKS;
	return (__s32)(tick - vtep->used_tick) > WEFT_VTEP_IDLE_TICKS;
}

/* The number of the entry for `key` of the tunnel at `port`, claimed where there is none; 0: no room. */
__noinline __u32 claim_vtep(const struct weft_vtep_key *key, __u32 port, __u32 tick)
{
	struct weft_vtep *free = NULL;
	__u32 id, free_id = 0, hash, claimed;

	if (!key)
		return 0;
	hash = hash_of(key);
	for (__u32 i = 0; i < VTEP_PROBES; i++) {
		struct weft_vtep *vtep;

		id = (hash + i) & (WEFT_MAX_VTEPS - 1);
		vtep = bpf_map_lookup_elem(&vteps, &id);
		if (!vtep || !id)
			continue;
		if (vtep->claimed_tick && vtep->claimed_tick != VTEP_CHANGING && is_same_key(&vtep->key, key)) {
			if (vtep->port != port)
				vtep->port = port;
			return id;
		}
		if (!free && vtep->claimed_tick != VTEP_CHANGING && is_replaceable(vtep, tick)) {
			free = vtep;
			free_id = id;
		}
	}
	if (!free)
		return 0;
	claimed = free->claimed_tick;
	if (claimed == VTEP_CHANGING ||
	    __sync_val_compare_and_swap(&free->claimed_tick, claimed, VTEP_CHANGING) != claimed)
		return 0; /* Another CPU is at it. */
	free->is_admitted = 0;
	free->outer.bytes = 0;
	free->outer.tick = tick - WEFT_TEMPLATE_TICKS;
	free->key = *key;
	free->port = port;
	free->used_tick = tick;
	__sync_lock_test_and_set(&free->claimed_tick, tick);
	return free_id;
}

/* The entry whose number a frame brings that came in through the vxlan device of the port in `slot`. */
static __always_inline struct weft_vtep *brought_vtep(const struct __sk_buff *skb, __u32 slot, __u32 *id)
{
	struct weft_vtep *vtep;

	*id = skb->tc_index;
	if (!*id)
		return NULL;
	vtep = bpf_map_lookup_elem(&vteps, id);
	if (!vtep || vtep->port != slot || !vtep->claimed_tick || vtep->claimed_tick == VTEP_CHANGING)
		return NULL;
	return vtep;
}

static __always_inline bool is_same_remote(const struct weft_vtep *a, const struct weft_vtep *b)
{
	const __u64 *x = (const void *)a->key.remote, *y = (const void *)b->key.remote;

	return !((x[0] ^ y[0]) | (x[1] ^ y[1]));
}

static __always_inline __u32 current_generation(void)
{
	__u32 zero = 0;
	const struct weft_overlay *state = bpf_map_lookup_elem(&overlay, &zero);

	return state ? state->generation : 0;
}

#endif
