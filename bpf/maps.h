/* The datapath's state. weftd pins each map under its name and maps `ports`, `bridges` and `overlay` into
 * its memory. */
#ifndef WEFT_BPF_MAPS_H
#define WEFT_BPF_MAPS_H

#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

#include "abi.h"

/* ifindex of the device that carries the filter -> slot in `ports`. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, WEFT_MAX_PORTS);
	__type(key, __u32);
	__type(value, __u32);
} port_slots SEC(".maps");

/* The same for small numbers, an array; 0: see there. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, WEFT_NEAR_IFINDEXES);
	__type(key, __u32);
	__type(value, __u32);
} near_slots SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, WEFT_MAX_PORTS);
	__type(key, __u32);
	__type(value, struct weft_port);
} ports SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, WEFT_MAX_BRIDGES);
	__type(key, __u32);
	__type(value, struct weft_bridge);
} bridges SEC(".maps");

/* The VLANs of ports with WEFT_VLAN_LIMITED, by slot; no entry: none. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__uint(max_entries, WEFT_MAX_PORTS);
	__type(key, __u32);
	__type(value, struct weft_vlan_set);
} port_vlans SEC(".maps");

/* The VLANs in which a bridge learns nothing, by bridge. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__uint(max_entries, WEFT_MAX_BRIDGES);
	__type(key, __u32);
	__type(value, struct weft_vlan_set);
} flood_vlans SEC(".maps");

/* Not an LRU: forged addresses must not push out those of hosts that are talking, nor one bridge another's. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__uint(max_entries, WEFT_MAX_ADDRESSES);
	__type(key, struct weft_fdb_key);
	__type(value, struct weft_fdb_entry);
} fdb SEC(".maps");

/* By a hash of the key: those of the last frames. */
struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1 << WEFT_FLOW_BITS);
	__type(key, __u32);
	__type(value, struct weft_flow);
} flows SEC(".maps");

/* weftd makes a bridge's queue in the size of its table. */
struct candidate_queue {
	__uint(type, BPF_MAP_TYPE_QUEUE);
	__uint(max_entries, 1);
	__uint(key_size, 0);
	__uint(value_size, sizeof(struct weft_candidate));
};

/* By bridge: its learned addresses, those first that were learned or spared first; and perhaps some that are gone. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY_OF_MAPS);
	__uint(max_entries, WEFT_MAX_BRIDGES);
	__type(key, __u32);
	__array(values, struct candidate_queue);
} candidates SEC(".maps");

/* By slot in `ports`. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, WEFT_MAX_PORTS);
	__type(key, __u32);
	__type(value, struct weft_learning);
} learning SEC(".maps");

/* Takes memory only for what was counted. */
struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_HASH);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__uint(max_entries, WEFT_MAX_PORTS *WEFT_DROP_COUNT);
	__type(key, struct weft_drop_key);
	__type(value, __u64);
} drops SEC(".maps");

/* By slot in `ports`. */
struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, WEFT_MAX_PORTS);
	__type(key, __u32);
	__type(value, struct weft_passed);
} passed SEC(".maps");

/* By slot in `ports`. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, WEFT_MAX_PORTS);
	__type(key, __u32);
	__type(value, struct weft_per_tick);
} told SEC(".maps");

/* Those that the fast path serves. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__uint(max_entries, WEFT_MAX_TUNNELS);
	__type(key, struct weft_tunnel_key);
	__type(value, struct weft_tunnel);
} tunnels SEC(".maps");

/* A hash table of our own: a frame finds its entry by one look, and names it by a number of 16 bits. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, WEFT_MAX_VTEPS);
	__type(key, __u32);
	__type(value, struct weft_vtep);
} vteps SEC(".maps");

/* Of tunnels with WEFT_TUNNEL_STRICT_REMOTES: who is listened to. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__uint(max_entries, WEFT_MAX_REMOTES);
	__type(key, struct weft_remote_key);
	__type(value, __u32);
} remotes SEC(".maps");

/* For weftd: devices that carry our filters as an underlay, by ifindex. Entered before the filters are there, and
 * removed after they are gone. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__uint(max_entries, WEFT_MAX_TUNNELS);
	__type(key, __u32);
	__type(value, __u32);
} underlays SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct weft_overlay);
} overlay SEC(".maps");

/* What the switch itself answers in a VLAN: enum weft_served. Of a bridge with `has_served`. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__uint(max_entries, WEFT_MAX_SERVED);
	__type(key, struct weft_vlan_key);
	__type(value, __u32);
} served SEC(".maps");

/* Who has which address in a served VLAN. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__uint(max_entries, WEFT_MAX_NEIGHBOURS);
	__type(key, struct weft_neighbour_key);
	__type(value, struct weft_neighbour);
} neighbours SEC(".maps");

/* By slot in `ports`: who is behind it. No entry: it is not known. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__uint(max_entries, WEFT_MAX_PORTS);
	__type(key, __u32);
	__type(value, struct weft_guest);
} guests SEC(".maps");

/* By slot in `ports`: frames handed to weftd; TCP segments of metadata are counted apart. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, WEFT_MAX_PORTS);
	__type(key, __u32);
	__type(value, struct weft_per_tick);
} punted SEC(".maps"), punted_segments SEC(".maps");

/* The frames themselves (struct weft_punt), one reader. */
struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, WEFT_PUNT_RING_BYTES);
} punts SEC(".maps");

#endif
