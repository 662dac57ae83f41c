/* The last step of a frame with one receiver. */
#ifndef WEFT_BPF_DELIVER_H
#define WEFT_BPF_DELIVER_H

#include "decide.h"
#include "encapsulate.h"
#include "maps.h"
#include "passed.h"

/* `vtep`, `claim`: of the address, where it is behind a tunnel. */
static __always_inline int deliver(struct __sk_buff *skb, __u32 slot, const struct weft_port *out, __u32 vtep,
				   __u32 claim, __u32 tick)
{
	__u32 ifindex = out->ifindex;

	if (out->flags & WEFT_PORT_TUNNEL) {
		int verdict = send_past_tunnel(skb, slot, vtep, claim, tick);

		if (verdict != TC_ACT_UNSPEC)
			return verdict;
	}
	if (!(out->flags & WEFT_PORT_TO_PEER)) {
		decide(SENT, slot, 0);
		return bpf_redirect(ifindex, 0);
	}
	decide(SENT_TO_PEER, slot, 0);
	count_sent(slot, skb->len);
	/* Skips the near end's transmit queue. Only for a veth: a tap would lose the frame in
	 * silence. */
	return bpf_redirect_peer(ifindex, 0);
}

#endif
