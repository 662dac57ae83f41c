/* What the datapath and weftd agree on; compiled as C11 and as C++23. Host order unless typed
 * __be*. A change of layout or meaning raises WEFT_ABI_VERSION: the maps of different versions
 * never meet. */
#ifndef WEFT_BPF_ABI_H
#define WEFT_BPF_ABI_H

#include <linux/types.h>

#ifdef __cplusplus
#define WEFT_LAYOUT(type, bytes) static_assert(sizeof(type) == (bytes), "layout shared with the kernel")
#else
#define WEFT_LAYOUT(type, bytes) _Static_assert(sizeof(type) == (bytes), "layout shared with the kernel")
#endif

enum {
	WEFT_ABI_VERSION = 2,

	/* Slots of the `ports` array. Slot 0 means "none"; one bridge may have all the others. */
	WEFT_MAX_PORTS = 8192,
	/* Slots of the `bridges` array; bridge 0 means "none". */
	WEFT_MAX_BRIDGES = 1024,
	/* Learned and static addresses of all bridges. A full table learns nothing new: it floods.
	 */
	WEFT_MAX_ADDRESSES = 65536,

	WEFT_NAME_BYTES = 16, /* A bridge's name, zero terminated. */
	WEFT_VLANS = 4096,    /* VLAN 0 is that of frames without a tag. */

	/* Time in the maps is CLOCK_MONOTONIC in ticks of 2^30 ns (1.07 s): a shift, where seconds
	 * would be a division for every frame. */
	WEFT_TICK_SHIFT = 30,
};

enum weft_port_flag {
	WEFT_PORT_TO_PEER = 1 << 0,	 /* Deliver straight to the veth's other end, in another namespace. */
	WEFT_PORT_FORWARD_BPDU = 1 << 1, /* The bridge's setting, copied. */
	WEFT_PORT_PROMISCUOUS = 1 << 2,	 /* weftd made the device promiscuous, and undoes it. */
	WEFT_PORT_FLOOD_VLANS = 1 << 3,	 /* The bridge has some, copied. */
};

/* How a port treats 802.1Q tags (ovs-vswitchd.conf.db(5), Port "vlan_mode"). */
enum weft_vlan_mode {
	WEFT_VLAN_TRUNK,
	WEFT_VLAN_ACCESS,
	WEFT_VLAN_NATIVE_TAGGED,
	WEFT_VLAN_NATIVE_UNTAGGED,
	WEFT_VLAN_TUNNEL, /* dot1q-tunnel: what customers tag stays inside the port's own VLAN. */
};

enum weft_vlan_option {
	WEFT_VLAN_LIMITED = 1 << 0,	  /* `port_vlans` has the port's VLANs; for a tunnel, its customers'. */
	WEFT_VLAN_PRIORITY_TAGS = 1 << 1, /* Send tags of VLAN 0 where a frame has a priority, */
	WEFT_VLAN_EMPTY_TAGS = 1 << 2,	  /* and those without a priority that came with the frame. */
	WEFT_VLAN_SERVICE_8021Q = 1 << 3, /* A tunnel's frames get the type 0x8100 instead of 0x88a8. */
};

/* Changed as a whole. All zero, a trunk of all VLANs. */
struct weft_port_vlan {
	__u16 tag;    /* VLAN of frames without a tag; 0 for a trunk. */
	__u8 mode;    /* enum weft_vlan_mode */
	__u8 options; /* enum weft_vlan_option */
} __attribute__((aligned(4)));
WEFT_LAYOUT(struct weft_port_vlan, 4);

/* VLAN v is in it if bit v % 64 of word v / 64 is set. */
struct weft_vlan_set {
	__u64 words[WEFT_VLANS / 64];
};
WEFT_LAYOUT(struct weft_vlan_set, 512);

/* A port. Written by weftd alone, one field at a time, so each field must make sense with any value
 * of the others. A free slot has ifindex 0; it keeps `bridge` and `next` for a flood that is just
 * passing. */
struct weft_port {
	__u32 ifindex;	    /* Device that carries the filter: frames come and go here. */
	__u32 device;	    /* Device that bears the port's name: the same, but of internal ones; 0: it is away. */
	__u32 bridge;	    /* Never changes while the slot is in use. */
	__u32 next;	    /* Slot of the bridge's next port; 0 ends the list. */
	__u32 ageing_ticks; /* The bridge's setting, copied. */
	struct weft_port_vlan vlan;
	__u16 flags;  /* enum weft_port_flag */
	__u16 ofport; /* For weftd. */
	__u32 reserved;
};
WEFT_LAYOUT(struct weft_port, 32);

/* A bridge. A free slot has an empty name. */
struct weft_bridge {
	char name[WEFT_NAME_BYTES];
	__u32 first_port; /* Slot; 0: no port. */
	__u32 ageing_s;
	__u32 forward_bpdu;
	__u32 has_flood_vlans; /* `flood_vlans` has them. */
};
WEFT_LAYOUT(struct weft_bridge, 32);

struct weft_fdb_key {
	__u32 bridge;
	__u16 vlan; /* 0: untagged */
	__u8 mac[6];
};
WEFT_LAYOUT(struct weft_fdb_key, 12); /* Compared as bytes: no padding. */

enum weft_fdb_owner {
	WEFT_FDB_LEARNED, /* Ages, and moves to the port its frames come from. */
	WEFT_FDB_STATIC,  /* Stays where it was put. */
};

struct weft_fdb_entry {
	__u32 port;	 /* Slot. The entry means nothing once the slot is free or in another bridge. */
	__u32 seen_tick; /* Of the last frame from this address. */
	__u8 owner;	 /* enum weft_fdb_owner */
	__u8 reserved[7];
	__u8 remote[16]; /* VTEP behind the port, IPv6 or IPv4-mapped; zero: none. Not used yet. */
};
WEFT_LAYOUT(struct weft_fdb_entry, 32);

/* Why a frame was not forwarded, or else was worth counting: X(NAME, text for people). */
#define WEFT_DROP_REASONS(X)                                                                                           \
	X(SHORT_FRAME, "shorter than an Ethernet header")                                                              \
	X(NO_PORT, "the device is not a port of any bridge")                                                           \
	X(BAD_SOURCE, "its source address is zero or a multicast address")                                             \
	X(RESERVED_DESTINATION, "its destination is reserved for the link (01:80:c2:00:00:00 to 0f)")                  \
	X(TAGGED_ON_ACCESS, "it is VLAN tagged, and the port is an access port")                                       \
	X(VLAN_NOT_CARRIED, "its VLAN is none of those that the port carries (trunks, cvlans)")                        \
	X(SAME_PORT, "its destination is behind the port it came from")                                                \
	X(NO_RECEIVER, "no other port of the bridge carries its VLAN")                                                 \
	X(TAG_NOT_CHANGED, "the kernel could not add or remove the VLAN tag")                                          \
	X(NOT_SENT, "the device it was to leave by is down or its queue is full (counted at that port)")               \
	X(NOT_LEARNED, "forwarded, but its source was not learned: the address table is full")

enum weft_drop {
#define WEFT_DROP_ENUMERATOR(name, text) WEFT_DROP_##name,
	WEFT_DROP_REASONS(WEFT_DROP_ENUMERATOR)
#undef WEFT_DROP_ENUMERATOR
	    WEFT_DROP_COUNT,
};

struct weft_drop_key {
	__u32 ifindex; /* Device that carries the filter. */
	__u32 reason;  /* enum weft_drop */
};
WEFT_LAYOUT(struct weft_drop_key, 8);

/* Frames handed to a veth's other end past the near end, whose own statistics miss them. */
struct weft_peer_deliveries {
	__u64 frames;
	__u64 bytes;
};
WEFT_LAYOUT(struct weft_peer_deliveries, 16);

#endif
