/* VLANs of frames and ports (IEEE 802.1Q). The kernel has moved a frame's outer tag, 802.1Q or
 * 802.1ad, from its bytes into the skb's metadata before tc ingress sees it. */
#ifndef WEFT_BPF_VLAN_H
#define WEFT_BPF_VLAN_H

#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_endian.h>
#include <stdbool.h>

#include "abi.h"
#include "decide.h"

enum {
	VLAN_ID = 0x0fff,
	VLAN_PRIORITY = 0xe000,
};

static __always_inline bool carries(const struct weft_port *port, __u16 vlan)
{
	return port->tag == 0 || port->tag == vlan;
}

/* A frame of `vlan` bears a tag on this port. VLAN 0 is the untagged one. */
static __always_inline bool is_tagged_on(const struct weft_port *port, __u16 vlan)
{
	return port->tag == 0 && vlan != 0;
}

/* Adds or removes the frame's tag. `priority` is the PCP part of the new tag. Invalidates packet
 * pointers. */
static __always_inline long set_tagged(struct __sk_buff *skb, bool tagged, __u16 vlan, __u16 priority)
{
	if (tagged) {
		decide(TAG_ADDED, 0, vlan);
		return bpf_skb_vlan_push(skb, bpf_htons(ETH_P_8021Q), vlan | priority);
	}
	decide(TAG_REMOVED, 0, vlan);
	return bpf_skb_vlan_pop(skb);
}

#endif
