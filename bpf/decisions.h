/* What the datapath decides about a frame, as its traced form tells it (decide.h); compiled as C11 and as C++23. */
#ifndef WEFT_BPF_DECISIONS_H
#define WEFT_BPF_DECISIONS_H

#include <linux/types.h>

#include "abi.h"

/* In the order in which a frame meets them: X(NAME, text for people). In a text, {port} is the name of the decision's
 * port, {vlan} its value as a VLAN, {reason} its value as a reason to drop, {source} and {destination} are the
 * frame's addresses. */
#define WEFT_DECISIONS(X)                                                                                              \
	X(ENTERED, "enters by {port}")                                                                                 \
	X(VLAN, "belongs to {vlan}")                                                                                   \
	X(CONFINED, "port security: the guest behind {port} may send it")                                              \
	X(FLOOD_VLAN, "{vlan} is one of the bridge's flood_vlans: no address is learned or looked up")                 \
	X(LEARNED, "its source, {source}, is new in {vlan}: it would be learned as behind {port}")                     \
	X(MOVED, "its source, {source}, was behind {port} until now: it would move here")                              \
	X(KNOWN, "its source, {source}, is known to be behind {port}")                                                 \
	X(HELD, "its source, {source}, has moved between ports too fast, and is held to {port} for a while")           \
	X(STAYS, "its source, {source}, was put behind {port} by hand, and stays there")                               \
	X(SERVICE, "asks for a service of the switch, {service}: handed to weftd")                                     \
	X(NEIGHBOUR_KNOWN, "asks for the address of a neighbour that is known: {port} is answered at once")            \
	X(TO_MANY, "its destination, {destination}, stands for many")                                                  \
	X(NOT_FOUND, "its destination, {destination}, is not known in {vlan}")                                         \
	X(AGED, "its destination, {destination}, was behind {port}, but has been silent for too long")                 \
	X(FOUND, "its destination, {destination}, is behind {port}")                                                   \
	X(FOUND_LEFT, "{port} has left {vlan} since")                                                                  \
	X(FLOOD, "a copy for every other port that carries {vlan}")                                                    \
	X(TAG_ADDED, "the tag of {vlan} is added")                                                                     \
	X(TAG_REMOVED, "the tag of {vlan} is removed")                                                                 \
	X(PRIORITY_ADDED, "a tag of VLAN 0 is added, which tells its priority")                                        \
	X(PRIORITY_REMOVED, "its tag of VLAN 0, which only tells a priority, is removed")                              \
	X(TOO_BIG, "not to {port}: it is too big; packets like this one may have {value} bytes there")                 \
	X(TOLD, "its sender, behind {port}, is told that packets may have {value} bytes")                              \
	X(COPY_TO, "to {port}")                                                                                        \
	X(NOT_BACK, "not to {port}: it came from there")                                                               \
	X(OTHER_VLAN, "not to {port}: it does not carry {vlan}")                                                       \
	X(SENT, "to {port}")                                                                                           \
	X(SENT_TO_PEER, "to {port}, straight to its other end in another namespace")                                   \
	X(END_NOT_KNOWN, "the kernel's vxlan device of {port} knows the way to it; the fast path does not")            \
	X(NOT_PLAIN_IP, "it is no plain IP packet: the kernel's vxlan device of {port} takes it")                      \
	X(WAY_NOT_FRESH, "the kernel's vxlan device of {port} takes it, and shows the way for those that follow")      \
	X(PASSED_TUNNEL, "to {port}, past the kernel's vxlan device")                                                  \
	X(DROPPED, "counted at {port}: {reason}")

enum weft_decision_kind {
#define WEFT_DECISION_ENUMERATOR(name, text) WEFT_DECISION_##name,
	WEFT_DECISIONS(WEFT_DECISION_ENUMERATOR)
#undef WEFT_DECISION_ENUMERATOR
	    WEFT_DECISION_COUNT,
};

struct weft_decision {
	__u32 kind; /* enum weft_decision_kind */
	__u32 port; /* Slot; 0: none. Of DROPPED: the ifindex of the device it is counted at. */
	__u32 value;
	__u32 reserved;
};
WEFT_LAYOUT(struct weft_decision, 16);

enum {
	/* Of the ring that they are told through: room for one about each port in each pass of a flood, and more, with
	 * the kernel's 8 bytes a record. */
	WEFT_DECISION_BYTES = 1 << 20,
	/* A made-up frame bears its outer tag beside its bytes, since the kernel lets nobody set the skb's own fields
	 * for it: in cb[0] this bit, priority and VLAN, in cb[1] the tag's Ethernet type. */
	WEFT_TRACED_TAG = 1 << 16,
};

#endif
