/* Frames that are larger than a tunnel carries. A switch cannot cut them up: they end here, and their sender is told
 * how large a packet may be (tell_sender.h), as a router would. */
#ifndef WEFT_BPF_TOO_BIG_H
#define WEFT_BPF_TOO_BIG_H

#include "count.h"
#include "decide.h"
#include "inner.h"
#include "tell_sender.h"
#include "vlan.h"

enum {
	TAG_BYTES = 4,
	MOST_TAG_BYTES = 2 * TAG_BYTES, /* That a port may add to a frame. */
	GSO_BY_FRAGMENTS = 0xffff,	/* In gso_size: the segments are there, of sizes that nobody tells. */
};

static __always_inline __u32 tag_bytes(__u64 frame, enum form form)
{
	if (form == FORM_BARE)
		return 0;
	return form == FORM_TAGGED && frame & FRAME_INNER_PRIORITY ? MOST_TAG_BYTES : TAG_BYTES;
}

/* Of the largest frame that this one is sent as, without the tag in the metadata: it may be one of many segments yet
 * (GSO). Too few where the segments are of an unusual kind. */
static __always_inline __u32 wire_bytes(struct __sk_buff *skb)
{
	struct inner packet = {.transport = ETH_HLEN};
	struct ipv4 v4;
	struct ipv6 v6;
	__u32 bytes;

	if (!skb->gso_size)
		return skb->len;
	if (skb->gso_size == GSO_BY_FRAGMENTS)
		return 0;
	if (skb->protocol == bpf_htons(ETH_P_IP) && !bpf_skb_load_bytes(skb, ETH_HLEN, &v4, sizeof(v4))) {
		packet.protocol = v4.protocol;
		packet.transport += (v4.version_and_words & 15) * 4;
	} else if (skb->protocol == bpf_htons(ETH_P_IPV6) && !bpf_skb_load_bytes(skb, ETH_HLEN, &v6, sizeof(v6))) {
		packet.protocol = v6.protocol;
		packet.transport += sizeof(v6);
	}
	bytes = segment_bytes(skb, &packet);
	return bytes ? bytes : packet.transport + skb->gso_size;
}

/* 0: the frame, in this form, fits a tunnel that carries packets of `mtu_bytes`. Else how large a packet like this one
 * may be: the tags take their part. */
__noinline __u32 lower_mtu(struct __sk_buff *skb, __u64 frame, enum form form, __u32 mtu_bytes)
{
	__u32 tags = tag_bytes(frame, form) - tag_bytes(frame, form_of(frame)) + (skb->vlan_present ? TAG_BYTES : 0);

	return wire_bytes(skb) + tags > mtu_bytes + ETH_HLEN ? mtu_bytes - tags : 0;
}

/* As lower_mtu(), of a port. */
static __always_inline __u32 mtu_to_tell(struct __sk_buff *skb, const struct weft_port *out, __u64 frame,
					 enum form form)
{
	__u32 mtu_bytes = out->mtu_bytes;

	if (!mtu_bytes || skb->len + MOST_TAG_BYTES <= mtu_bytes + ETH_HLEN)
		return 0;
	return lower_mtu(skb, frame, form, mtu_bytes);
}

/* The frame, as it came in by the port in `slot`, does not go on. */
__noinline int refuse_too_big(struct __sk_buff *skb, __u32 slot, __u32 mtu_bytes, __u32 tick)
{
	if (!tell_sender(skb, slot, mtu_bytes, tick))
		return drop(skb, WEFT_DROP_TOO_BIG);
	decide(TOLD, slot, mtu_bytes);
	count(skb->ifindex, WEFT_DROP_TOO_BIG_TOLD);
	skb->tc_index = 0;
	return bpf_redirect(skb->ifindex, 0);
}

#endif
