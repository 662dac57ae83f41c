/* The last step of a frame with one receiver. */
#ifndef WEFT_BPF_DELIVER_H
#define WEFT_BPF_DELIVER_H

#include "decide.h"
#include "maps.h"

static __always_inline int deliver(struct __sk_buff *skb, __u32 slot, const struct weft_port *out)
{
	struct weft_peer_deliveries *counter;

	if (!(out->flags & WEFT_PORT_TO_PEER)) {
		decide(SENT, slot, 0);
		return bpf_redirect(out->ifindex, 0);
	}
	decide(SENT_TO_PEER, slot, 0);
	counter = bpf_map_lookup_elem(&peer_deliveries, &slot);
	if (counter) {
		effect(counter->frames += 1);
		effect(counter->bytes += skb->len);
	}
	/* Skips the near end's transmit queue. Only for a veth: a tap would lose the frame in
	 * silence. */
	return bpf_redirect_peer(out->ifindex, 0);
}

#endif
