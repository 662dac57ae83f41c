/* Counting what is not forwarded, by port and reason. Frames that are forwarded cost nothing here.
 */
#ifndef WEFT_BPF_COUNT_H
#define WEFT_BPF_COUNT_H

#include <linux/pkt_cls.h>

#include "decide.h"
#include "maps.h"

static __noinline long add_one(__u32 ifindex, enum weft_drop reason)
{
	struct weft_drop_key key = {.ifindex = ifindex, .reason = reason};
	__u64 *counter = bpf_map_lookup_elem(&drops, &key);
	__u64 one = 1;

	if (counter)
		*counter += 1;
	else if (bpf_map_update_elem(&drops, &key, &one, BPF_NOEXIST)) {
		/* Another CPU made the counter in between: then it is there now. */
		counter = bpf_map_lookup_elem(&drops, &key);
		if (counter)
			*counter += 1;
	}
	return 0;
}

static __always_inline void count(__u32 ifindex, enum weft_drop reason)
{
	decide(DROPPED, ifindex, reason);
	effect(add_one(ifindex, reason));
}

/* The frame ends here: it never goes on into the host's own stack. */
static __always_inline int drop(const struct __sk_buff *skb, enum weft_drop reason)
{
	count(skb->ifindex, reason);
	return TC_ACT_SHOT;
}

#endif
