/* The Ethernet header. Packet memory is aligned to two bytes, and C reads it in 16-bit words. The machines that Weft is
 * for read wider ones from any address; where that counts, word_at() says so. */
#ifndef WEFT_BPF_PARSE_H
#define WEFT_BPF_PARSE_H

#include <linux/types.h>
#include <bpf/bpf_endian.h>
#include <stdbool.h>

struct ethernet {
	__be16 destination[3];
	__be16 source[3];
	__be16 type;
};

static __always_inline __u32 word_at(const void *packet) { return *(const __u32 *)packet; }
static __always_inline __u64 long_word_at(const void *packet) { return *(const __u64 *)packet; }

/* An Ethernet header that is kept while the frame before or behind it is changed. */
struct kept_ethernet {
	__u64 first;
	__u32 second;
	__be16 type;
};

static __always_inline struct kept_ethernet keep_ethernet(const struct ethernet *frame)
{
	return (struct kept_ethernet){
	    .first = long_word_at(frame), .second = word_at((const void *)frame + 8), .type = frame->type};
}

static __always_inline void put_ethernet(void *packet, const struct kept_ethernet *kept)
{
	*(__u64 *)packet = kept->first;
	*(__u32 *)(packet + 8) = kept->second;
	((struct ethernet *)packet)->type = kept->type;
}

/* IEEE 802-2014 section 8.2: the group bit is the lowest of the first byte. */
static __always_inline bool is_multicast(const __be16 address[3]) { return address[0] & bpf_htons(0x0100); }

static __always_inline bool is_valid_source(const __be16 address[3])
{
	return !is_multicast(address) && (address[0] | address[1] | address[2]);
}

/* 01:80:c2:00:00:00 to 0f, which no bridge forwards (IEEE 802.1Q-2018 table 8-1). */
static __always_inline bool is_link_reserved(const __be16 address[3])
{
	return address[0] == bpf_htons(0x0180) && address[1] == bpf_htons(0xc200) && !(address[2] & bpf_htons(0xfff0));
}

#endif
