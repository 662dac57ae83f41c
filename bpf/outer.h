/* The outer header of a VXLAN frame (RFC 7348 section 5): Ethernet, IP without options, UDP, VXLAN. */
#ifndef WEFT_BPF_OUTER_H
#define WEFT_BPF_OUTER_H

#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <linux/in.h>
#include <bpf/bpf_endian.h>
#include <stdbool.h>

#include "abi.h"
#include "parse.h"

#define VXLAN_FLAGS bpf_htonl(0x08000000) /* A VNI, and nothing else. */

enum {
	OUTER_BYTES_V4 = 50,
	OUTER_BYTES_V6 = 70,
	ECN_MASK = 3,
	ECN_ECT0 = 2,
	ECN_CE = 3,
	IP_DONT_FRAGMENT = 0x4000,
	IP_FRAGMENT = 0xbfff, /* More fragments, or an offset; or the reserved bit. */
	IP_OFFSET = 0x1fff,
	PROTOCOL_ICMP6 = 58,
};

/* Packet memory is aligned to two bytes. */
typedef __be32 be32_in_packet __attribute__((aligned(2)));

struct ipv4 {
	__u8 version_and_words;
	__u8 tos;
	__be16 bytes;
	__be16 id;
	__be16 fragment;
	__u8 ttl;
	__u8 protocol;
	__be16 checksum;
	be32_in_packet source;
	be32_in_packet destination;
};

struct ipv6 {
	be32_in_packet version_tos_flow;
	__be16 payload_bytes;
	__u8 protocol;
	__u8 hop_limit;
	be32_in_packet source[4];
	be32_in_packet destination[4];
};

struct udp {
	__be16 source;
	__be16 destination;
	__be16 bytes;
	__be16 checksum;
};

struct vxlan {
	be32_in_packet flags;
	be32_in_packet vni; /* In the upper 24 bits. */
};

struct outer_v4 {
	struct ethernet ethernet;
	struct ipv4 ip;
	struct udp udp;
	struct vxlan vxlan;
};
_Static_assert(sizeof(struct outer_v4) == OUTER_BYTES_V4, "as on the wire");

struct outer_v6 {
	struct ethernet ethernet;
	struct ipv6 ip;
	struct udp udp;
	struct vxlan vxlan;
};
_Static_assert(sizeof(struct outer_v6) == OUTER_BYTES_V6, "as on the wire");

static __always_inline bool is_v6(const struct ipv6 *ip)
{
	return (ip->version_tos_flow & bpf_htonl(0xf0000000)) == bpf_htonl(0x60000000);
}

static __always_inline __u8 ecn_of_v6(const struct ipv6 *ip)
{
	return bpf_ntohl(ip->version_tos_flow) >> 20 & ECN_MASK;
}

/* The VXLAN header is a plain one. A reserved bit may mean anything: that is for the kernel's device to judge. */
static __always_inline bool is_plain(const struct vxlan *vxlan)
{
	return vxlan->flags == VXLAN_FLAGS && !(vxlan->vni & bpf_htonl(0xff));
}

static __always_inline __u32 vni_of(const struct vxlan *vxlan) { return bpf_ntohl(vxlan->vni) >> 8; }

static __always_inline void map_v4(__u32 to[4], __be32 address)
{
	to[2] = bpf_htonl(0xffff);
	to[3] = address;
}

static __always_inline __u16 fold(__u64 sum)
{
	sum = (sum & 0xffffffff) + (sum >> 32);
	sum = (sum & 0xffff) + (sum >> 16);
	sum = (sum & 0xffff) + (sum >> 16);
	return (sum & 0xffff) + (sum >> 16);
}

/* RFC 1071. */
static __always_inline __u64 sum_of(const struct ipv4 *ip)
{
	const __u16 *words = (const void *)ip;
	__u64 sum = 0;

#pragma unroll
	for (int i = 0; i < 10; i++)
		sum += words[i];
	return sum;
}

/* An IPv4 header of 20 bytes that is whole, and no fragment. */
static __always_inline bool is_sound(const struct ipv4 *ip)
{
	return ip->version_and_words == 0x45 && !(ip->fragment & bpf_htons(IP_FRAGMENT)) && fold(sum_of(ip)) == 0xffff;
}

#endif
