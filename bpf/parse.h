/* The Ethernet header, in 16-bit words: packet memory is aligned to two bytes. */
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
