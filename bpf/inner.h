/* What of the frame inside decides how it goes into a tunnel. */
#ifndef WEFT_BPF_INNER_H
#define WEFT_BPF_INNER_H

#include <linux/bpf.h>
#include <linux/in.h>
#include <bpf/bpf_endian.h>

#include "outer.h"

enum {
	MOST_PACKET_BYTES = 65535,
};

struct inner {
	__u32 flow_hash;
	__u32 transport; /* Where the header of `protocol` begins. */
	__u8 protocol;
	__u8 outer_ecn; /* For the outer header (RFC 6040 section 4.1). */
};

/* As good as the kernel's, and a tenth of its price. */
static __always_inline __u32 mix(__u32 hash, __u32 value)
{
	hash = (hash ^ value) * 0x9e3779b1;
	return hash ^ hash >> 15;
}

static __always_inline __u32 hash_of_ports(void *transport, void *end, __u8 protocol, __u32 hash)
{
	const be32_in_packet *ports = transport;

	if ((protocol != IPPROTO_TCP && protocol != IPPROTO_UDP) || (void *)(ports + 1) > end)
		return hash;
	return mix(hash, *ports);
}

static __always_inline bool read_inner_v4(const struct ipv4 *ip, void *end, struct inner *inner)
{
	__u32 header_bytes;

	if ((void *)(ip + 1) > end)
		return false;
	header_bytes = (ip->version_and_words & 15) * 4;
	inner->outer_ecn = ip->tos & ECN_MASK;
	inner->protocol = ip->protocol;
	inner->transport = ETH_HLEN + header_bytes;
	inner->flow_hash = mix(mix(ip->protocol, ip->source), ip->destination);
	/* Only the first of a packet's fragments has ports. */
	if (header_bytes == sizeof(*ip) && !(ip->fragment & bpf_htons(IP_FRAGMENT)))
		inner->flow_hash = hash_of_ports((void *)(ip + 1), end, ip->protocol, inner->flow_hash);
	return true;
}

static __always_inline bool read_inner_v6(const struct ipv6 *ip, void *end, struct inner *inner)
{
	__u32 hash;

	if ((void *)(ip + 1) > end)
		return false;
	inner->outer_ecn = ecn_of_v6(ip);
	inner->protocol = ip->protocol;
	inner->transport = ETH_HLEN + sizeof(*ip);
	hash = ip->protocol;
#pragma unroll
	for (int i = 0; i < 4; i++)
		hash = mix(hash, ip->source[i]);
#pragma unroll
	for (int i = 0; i < 4; i++)
		hash = mix(hash, ip->destination[i]);
	inner->flow_hash = hash_of_ports((void *)(ip + 1), end, ip->protocol, hash);
	return true;
}

/* False: it is no IP packet, or bears a tag. */
static __always_inline bool read_inner(const struct __sk_buff *skb, struct inner *inner)
{
	const struct ethernet *ethernet = (void *)(long)skb->data;
	void *end = (void *)(long)skb->data_end;
	bool is_ip = false;

	if (skb->vlan_present || (void *)(ethernet + 1) > end || ethernet->type != skb->protocol)
		return false;
	if (ethernet->type == bpf_htons(ETH_P_IP))
		is_ip = read_inner_v4((void *)(ethernet + 1), end, inner);
	else if (ethernet->type == bpf_htons(ETH_P_IPV6))
		is_ip = read_inner_v6((void *)(ethernet + 1), end, inner);
	if (inner->outer_ecn == ECN_CE)
		inner->outer_ecn = ECN_ECT0; /* A mark of congestion stays inside. */
	/* A TCP socket has chosen one for its flow. */
	if (skb->hash)
		inner->flow_hash = skb->hash;
	return is_ip;
}

/* Of a frame that is to be cut into segments: the bytes of the largest; 0: they are not known. */
static __always_inline __u32 segment_bytes(struct __sk_buff *skb, const struct inner *inner)
{
	__u32 headers = inner->transport;
	__u8 offset;

	if (inner->protocol == IPPROTO_UDP)
		return headers + sizeof(struct udp) + skb->gso_size;
	if (inner->protocol != IPPROTO_TCP || bpf_skb_load_bytes(skb, headers + 12, &offset, sizeof(offset)))
		return 0;
	return headers + (offset >> 4) * 4 + skb->gso_size;
}

/* With the outer header it is neither larger than the underlay takes, nor than a packet can be. */
static __always_inline bool fits(struct __sk_buff *skb, const struct inner *inner, __u32 outer_bytes, __u32 mtu_bytes)
{
	__u32 bytes = skb->len;

	if (skb->gso_size) {
		if (bytes + outer_bytes - ETH_HLEN > MOST_PACKET_BYTES)
			return false;
		bytes = segment_bytes(skb, inner);
	}
	return bytes && bytes + outer_bytes - ETH_HLEN <= mtu_bytes;
}

#endif
