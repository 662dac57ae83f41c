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
	WEFT_ABI_VERSION = 4,

	/* Slots of the `ports` array. Slot 0 means "none"; one bridge may have all the others. */
	WEFT_MAX_PORTS = 8192,
	/* Ports on devices with smaller numbers are found by an array, others by a hash table. */
	WEFT_NEAR_IFINDEXES = 32768,
	/* Slots of the `bridges` array; bridge 0 means "none". */
	WEFT_MAX_BRIDGES = 1024,
	/* Learned and static addresses of all bridges. Each bridge has a limit of its own, mac-table-size. */
	WEFT_MAX_ADDRESSES = 1 << 20,

	/* Each CPU remembers up to so many flows of this tick, as a power of two. */
	WEFT_FLOW_BITS = 11,

	/* With its bridge's table full, a new address takes the place of another: of so many that are looked at, the
	 * one that was silent for longest. */
	WEFT_EVICTION_CANDIDATES = 16,
	/* An address that goes on sending keeps its place; so long (about 2 s) after its last frame it may lose it. */
	WEFT_BUSY_TICKS = 2,
	/* Of a bridge's table one port may fill one of so many parts a tick, but always so many addresses. */
	WEFT_LEARNING_SHARE = 4,
	WEFT_LEARNING_LEAST = 256,

	/* An address that moves between ports more often than so within so many ticks (about 4 s) is in a loop, or two
	 * hosts have it. It stays where it was before, for so many ticks (about 10 s): its frames from other ports
	 * are dropped, and from that one so many a tick are flooded. */
	WEFT_MOVES_LIMIT = 8,
	WEFT_MOVES_TICKS = 4,
	WEFT_HELD_TICKS = 10,
	WEFT_HELD_FLOODS = 16,

	/* Tunnels whose frames may pass by the kernel's vxlan device. */
	WEFT_MAX_TUNNELS = 4096,
	/* Remote ends of all tunnels that the fast path knows; an id fits 16 bits, 0 means "none". With all of them
	 * busy, a new one's frames go through the kernel's device. A power of two. */
	WEFT_MAX_VTEPS = 8192,
	/* Configured remote ends of tunnels that listen to nobody else, of all tunnels together. */
	WEFT_MAX_REMOTES = 65536,
	/* A remote end that was silent for so long (10 minutes) makes room for another, */
	WEFT_VTEP_IDLE_TICKS = 560,
	/* and one of which no frame came through the host's stack after so long. */
	WEFT_VTEP_OFFER_TICKS = 2,
	/* The outer header of the kernel's own frames serves so long (about 2 s), then they must show it again. */
	WEFT_TEMPLATE_TICKS = 2,

	/* So many senders behind a port are told in a tick that a packet was too big. */
	WEFT_TOLD_PER_TICK = 256,

	/* VLANs, of all bridges together, in which the switch itself gives out addresses and the like. */
	WEFT_MAX_SERVED = 4096,
	/* Addresses, of all served VLANs together, whose ARP requests and neighbour solicitations are answered. */
	WEFT_MAX_NEIGHBOURS = 1 << 17,
	/* Addresses of a guest behind a port. */
	WEFT_GUEST_ADDRESSES = 16,
	/* Frames for weftd: so many of a port in a tick, so long with their tag, so many bytes of all ports that weftd
	 * has not read yet. One port cannot fill the room. */
	WEFT_PUNTS_PER_TICK = 512,
	/* And so many segments of TCP (for metadata), those beyond WEFT_PUNTS_PER_TICK only while half of the room is
	 * free: one that is lost is sent again after a second. */
	WEFT_SEGMENTS_PER_TICK = 16384,
	WEFT_PUNT_BYTES = 1518,
	WEFT_PUNT_RING_BYTES = 2 << 20,
	/* What weftd finds there that is older (about 4 s) has been given up by who asked. */
	WEFT_PUNT_TICKS = 4,
	/* In a frame of a guest: IPv6 extension headers, and options of a neighbour discovery message. */
	WEFT_MOST_EXTENSIONS = 6,
	WEFT_MOST_ND_OPTIONS = 8,

	WEFT_NAME_BYTES = 16, /* A bridge's name, zero terminated. */
	WEFT_VLANS = 4096,    /* VLAN 0 is that of frames without a tag. */

	/* Time in the maps is CLOCK_MONOTONIC in ticks of 2^30 ns (1.07 s): a shift, where seconds
	 * would be a division for every frame. */
	WEFT_TICK_SHIFT = 30,
};

enum weft_port_flag {
	WEFT_PORT_TO_PEER = 1 << 0,	   /* Deliver straight to the veth's other end, in another namespace. */
	WEFT_PORT_FORWARD_BPDU = 1 << 1,   /* The bridge's setting, copied. */
	WEFT_PORT_PROMISCUOUS = 1 << 2,	   /* weftd made the device promiscuous, and undoes it. */
	WEFT_PORT_FLOOD_VLANS = 1 << 3,	   /* The bridge has some, copied. */
	WEFT_PORT_TUNNEL = 1 << 4,	   /* A vxlan device whose frames may take the fast path. */
	WEFT_PORT_STRICT_REMOTES = 1 << 5, /* A tunnel that listens to configured remote ends only. */
	WEFT_PORT_SERVED = 1 << 6,	   /* The bridge has VLANs in `served`, copied. */
	WEFT_PORT_CONFINED = 1 << 7,	   /* Port security: it sends what its guest in `guests` may send. */
	WEFT_PORT_REMOTE = 1 << 8,	   /* Behind it are other hosts: who asks there is answered there. */
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
	/* Of a tunnel: how long an address may send past the host's stack after frames of it came through it, */
	__u16 admission_ticks;
	__u16 mtu_bytes; /* and the largest packet that it carries. 0: not judged. */
};
WEFT_LAYOUT(struct weft_port, 32);

/* A bridge. A free slot has an empty name. */
struct weft_bridge {
	char name[WEFT_NAME_BYTES];
	__u32 first_port; /* Slot; 0: no port. */
	__u32 ageing_s;
	__u32 forward_bpdu;
	__u32 has_flood_vlans; /* `flood_vlans` has them. */
	__u32 max_addresses;   /* With so many nothing is learned without another's place. */
	__u32 addresses;       /* That are in the table, learned and static; counted by who enters and removes them. */
	__u32 has_served;      /* `served` has VLANs of it. */
	__u32 rearranged;      /* Counts on when an address moves, or is entered or removed by weftd (bpf/flow.h). */
	/* For weftd, counted on from when they were cleared: addresses that were learned, aged, lost their place to
	 * another, moved to another port. */
	__u64 learned;
	__u64 expired;
	__u64 evicted;
	__u64 moved;
};
WEFT_LAYOUT(struct weft_bridge, 80);

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
	__u8 is_proven;	 /* It has sent in more than one tick. */
	__u16
	    other_port; /* Slot. Where it was before it began to move; of one that is held, where it was heard, too. */
	/* Behind a tunnel: */
	__u32 vtep;	     /* Index in `vteps`; 0: not known, the kernel's vxlan device knows the way. */
	__u32 vtep_claim;    /* Its claimed_tick; another: it has become somebody else's since. */
	__u32 admitted_tick; /* Of the last frame from this address that came through the host's stack. */
	__u32 generation;    /* Of weft_overlay, then. */
	__u16 moved_tick; /* The lower half of the tick since when it is held, or since when its moves are counted. */
	__u8 moves;	  /* Since then; of one that is held, frames that were flooded in this tick. */
	__u8 is_held;	  /* To its port, since it moved too often. */
};
WEFT_LAYOUT(struct weft_fdb_entry, 32);

/* Who sends to whom, by which port and in which VLAN. */
struct weft_flow_key {
	__u8 to[6];
	__u8 from[6];
	__u16 port; /* Slot. */
	__u16 vlan; /* 0: untagged */
} __attribute__((aligned(8)));
WEFT_LAYOUT(struct weft_flow_key, 16); /* Compared as two words. */

/* Where frames of a flow go, as it was found out in `tick` (bpf/flow.h). */
struct weft_flow {
	struct weft_flow_key key;
	__u32 tick;
	__u32 rearranged; /* Of the bridge, then. */
	__u32 out_port;	  /* Slot. */
	/* Of the end that is behind a tunnel, as in weft_fdb_entry. */
	__u32 vtep;
	__u32 vtep_claim;
	__u32 generation; /* Of weft_overlay, then; where the source is behind a tunnel. */
};
WEFT_LAYOUT(struct weft_flow, 40);

/* An address that was learned, in its bridge's queue of those that may have to make room. */
struct weft_candidate {
	__u16 vlan;
	__u8 mac[6];
};
WEFT_LAYOUT(struct weft_candidate, 8);

/* How many new addresses a port has brought in a tick. */
struct weft_learning {
	__u32 tick;
	__u32 addresses;
};
WEFT_LAYOUT(struct weft_learning, 8);

/* What of an outer header says which tunnel a frame belongs to. */
struct weft_tunnel_key {
	__u32 vni;
	__u16 dst_port; /* UDP. */
	__u16 is_ipv6;
};
WEFT_LAYOUT(struct weft_tunnel_key, 8);

struct weft_tunnel {
	__u32 port; /* Slot. */
	/* Outer UDP source ports, by hash of the inner flow: so many of them from the first on. */
	__u16 source_port;
	__u16 source_ports;
	__u32 flags;	/* enum weft_tunnel_flag */
	__u32 ageing_s; /* For weftd. */
};
WEFT_LAYOUT(struct weft_tunnel, 16);

enum weft_tunnel_flag {
	/* The outer header depends on the inner one, or must bear a checksum: only the kernel's device makes it. */
	WEFT_TUNNEL_KERNEL_SENDS = 1 << 0,
	WEFT_TUNNEL_SYSTEM_PORTS = 1 << 1,   /* For weftd: the source ports are the system's ephemeral ones. */
	WEFT_TUNNEL_STRICT_REMOTES = 1 << 2, /* Only remote ends in `remotes` get a number. */
	WEFT_TUNNEL_SLOW = 1 << 3,	     /* For weftd: it is here for its remote ends, not to go fast. */
};

/* Addresses are in network order, IPv4 ones mapped (RFC 4291 section 2.5.5.2). */
struct weft_remote_key {
	__u32 port; /* Slot of the tunnel's port. */
	__u32 address[4];
};
WEFT_LAYOUT(struct weft_remote_key, 20); /* Compared as bytes: no padding. */

struct weft_vtep_key {
	__u32 remote[4];
	__u32 local[4]; /* All zero: the frames came to a multicast group. */
	__u32 vni;
	__u16 dst_port;
	__u16 reserved;
};
WEFT_LAYOUT(struct weft_vtep_key, 40);

/* The outer header (Ethernet, IP, UDP, VXLAN) of a frame that the kernel's device sent to a VTEP, lengths, ECN and
 * source port left out. */
struct weft_template {
	__u32 sequence; /* Odd while it is written. */
	__u32 tick;
	__u32 generation;  /* Of weft_overlay, then. */
	__u32 ifindex;	   /* Underlay device. */
	__u32 mtu_bytes;   /* Of that device. */
	__u32 checksum;	   /* Sum of the constant parts of the IPv4 header. */
	__u16 source_port; /* As in weft_tunnel. */
	__u16 source_ports;
	__u32 bytes;	 /* 50 or 70; 0: none was seen yet. */
	__u64 header[9]; /* Zeros at the end. */
};
WEFT_LAYOUT(struct weft_template, 104);

/* A remote end of a tunnel, as one of our addresses sees it. Claimed by the programs themselves. */
struct weft_vtep {
	struct weft_vtep_key key;
	__u32 port;	    /* Slot of the tunnel's port. */
	__u32 claimed_tick; /* 0: free. */
	__u32 used_tick;
	__u32 is_admitted; /* A frame of it came through the host's stack. */
	struct weft_template outer;
};
WEFT_LAYOUT(struct weft_vtep, 160);

/* One for all. */
struct weft_overlay {
	/* Counts what may turn out otherwise now: routes, addresses, neighbours, tunnels. What was learned about the
	 * way before counts no more. */
	__u32 generation;
	__u32 reserved;
};
WEFT_LAYOUT(struct weft_overlay, 8);

/* How many senders behind a port were told in a tick, or frames of it handed to weftd. */
struct weft_per_tick {
	__u32 tick;
	__u32 count;
};
WEFT_LAYOUT(struct weft_per_tick, 8);

/* The switch's services: where a guest finds them, and the address they send from. No guest has it. */
#define WEFT_SERVICE_MAC {0x02, 'W', 'E', 'F', 'T', 0x01}
#define WEFT_METADATA_ADDRESS 0xa9fea9fe /* 169.254.169.254; DHCPv4 answers from it, too. */
#define WEFT_METADATA_PORT 80		 /* TCP. */

/* An IPv4 address is mapped; in network order. */
struct weft_address {
	__be32 words[4];
};
WEFT_LAYOUT(struct weft_address, 16);

struct weft_vlan_key {
	__u32 bridge;
	__u32 vlan; /* 0: untagged */
};
WEFT_LAYOUT(struct weft_vlan_key, 8);

/* What the switch itself answers in a VLAN; then nobody else may. */
enum weft_served {
	WEFT_SERVED_DHCP = 1 << 0,     /* DHCPv4. */
	WEFT_SERVED_IPV6 = 1 << 1,     /* DHCPv6 and router solicitations. */
	WEFT_SERVED_METADATA = 1 << 2, /* HTTP at WEFT_METADATA_ADDRESS. */
};

struct weft_neighbour_key {
	struct weft_vlan_key network;
	struct weft_address address;
};
WEFT_LAYOUT(struct weft_neighbour_key, 24);

struct weft_neighbour {
	__u8 mac[6];
	__u16 is_router; /* Told in neighbour advertisements. */
	__u32 port;	 /* For weftd: slot of the port whose guest it is; 0: the bridge's setting. */
};
WEFT_LAYOUT(struct weft_neighbour, 12);

/* Who is behind a port. */
struct weft_guest {
	__u8 mac[6]; /* All zero: not known. */
	__u16 count; /* Of its addresses. With none, a confined port may send from any. */
	struct weft_address addresses[WEFT_GUEST_ADDRESSES];
};
WEFT_LAYOUT(struct weft_guest, 8 + 16 * WEFT_GUEST_ADDRESSES);

/* Which service a frame is for: X(NAME, text for people). */
#define WEFT_SERVICES(X)                                                                                               \
	X(NONE, "none")                                                                                                \
	X(DHCP4, "DHCP")	   /* A request: UDP 68 to 67. */                                                      \
	X(DHCP6, "DHCPv6")	   /* UDP 546 to 547. */                                                               \
	X(ROUTER, "a router")	   /* A router solicitation. */                                                        \
	X(METADATA, "metadata")	   /* TCP to WEFT_METADATA_ADDRESS and WEFT_METADATA_PORT. */                          \
	X(PROBE, "a free address") /* An ARP probe of another host's, or an answer to one; it goes on as well. */

enum weft_service {
#define WEFT_SERVICE_ENUMERATOR(name, text) WEFT_SERVICE_##name,
	WEFT_SERVICES(WEFT_SERVICE_ENUMERATOR)
#undef WEFT_SERVICE_ENUMERATOR
	    WEFT_SERVICE_COUNT,
};

/* A frame for weftd, without the tag of its VLAN. Checksums of TCP and UDP may be left open by who sent it. */
struct weft_punt {
	__u32 port; /* Slot. */
	__u32 bridge;
	__u32 tick;
	__u16 vlan;   /* 0: untagged */
	__u8 service; /* enum weft_service */
	__u8 reserved;
	__u32 bytes; /* Of the frame. */
	__u8 frame[WEFT_PUNT_BYTES];
	__u8 padding[2];
};
WEFT_LAYOUT(struct weft_punt, 1540);

/* Why a frame was not forwarded, or else was worth counting: X(NAME, text for people). */
#define WEFT_DROP_REASONS(X)                                                                                           \
	X(SHORT_FRAME, "shorter than an Ethernet header")                                                              \
	X(NO_PORT, "the device is not a port of any bridge")                                                           \
	X(BAD_SOURCE, "its source address is zero or a multicast address")                                             \
	X(RESERVED_DESTINATION, "its destination is reserved for the link (01:80:c2:00:00:00 to 0f)")                  \
	X(TAGGED_ON_ACCESS, "it is VLAN tagged, and the port is an access port")                                       \
	X(UNKNOWN_REMOTE, "its remote host is not in remote_ip, and the tunnel has strict-remotes")                    \
	X(VLAN_NOT_CARRIED, "its VLAN is none of those that the port carries (trunks, cvlans)")                        \
	X(SAME_PORT, "its destination is behind the port it came from")                                                \
	X(NO_RECEIVER, "no other port of the bridge carries its VLAN")                                                 \
	X(TAG_NOT_CHANGED, "the kernel could not add or remove the VLAN tag")                                          \
	X(NOT_SENT, "the device it was to leave by is down or its queue is full (counted at that port)")               \
	X(NOT_LEARNED, "forwarded, but its source was not learned: the address table is full of busy ones")            \
	X(LEARNING_LIMITED, "forwarded, but its source was not learned: too many new ones at once at this port")       \
	X(FLAPPING, "its source address moves between ports too fast: is there a loop?")                               \
	X(TOO_BIG, "it is too big for a tunnel, and its sender could not be told")                                     \
	X(TOO_BIG_TOLD, "it is too big for a tunnel; its sender was told how large a packet may be")                   \
	X(FOREIGN_DHCP, "it is an answer of a DHCP server, and here only the switch gives out addresses")              \
	X(FOREIGN_ROUTER, "it is a router advertisement or a redirect, and here only the switch sends them")           \
	X(FOREIGN_SERVICE, "it claims an address of the switch's own services")                                        \
	X(NO_SUCH_SERVICE, "it is for the switch's own services, and for none that there is")                          \
	X(SERVICE_LIMITED, "it is for the switch's own services, and the port asks them too often")                    \
	X(SERVICE_ABSENT, "it is for the switch's own services, and weftd does not read: is it running?")              \
	X(SERVICE_TOO_BIG, "it is for the switch's own services, and larger than they take")                           \
	X(NOT_ITS_MAC, "port security: its source is not the Ethernet address of the port's guest")                    \
	X(NOT_ITS_ARP, "port security: it is ARP and claims another address than the guest's")                         \
	X(NOT_ITS_ADDRESS, "port security: its source is none of the guest's IP addresses")                            \
	X(NOT_ITS_NEIGHBOUR, "port security: it is neighbour discovery and claims another address than the guest's")   \
	X(NOT_CHECKED, "port security: it is tagged twice, cut off, or too nested to be checked")

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

/* Frames that went past a port's device, whose own statistics miss them: straight to a veth's other end, or past a
 * vxlan device. In the device's words: what the switch sends there is "tx". */
struct weft_passed {
	__u64 rx_frames;
	__u64 rx_bytes;
	__u64 tx_frames;
	__u64 tx_bytes;
};
WEFT_LAYOUT(struct weft_passed, 32);

#endif
