/* Turns a packet that is too big into the message that tells its sender so: ICMP "fragmentation needed" (RFC 792, with
 * the MTU of RFC 1191) or ICMPv6 "packet too big" (RFC 4443 section 3.2). It goes back by the port that the packet came
 * by, and comes from the address that the packet was for: a switch has none of its own.
 *
 * An IPv4 sender is told, too, if its packet could be fragmented by a router: it will do it itself from then on. */
#ifndef WEFT_BPF_TELL_SENDER_H
#define WEFT_BPF_TELL_SENDER_H

#include "decide.h"
#include "maps.h"
#include "outer.h"
#include "parse.h"
#include "per_tick.h"

enum {
	/* Of the packet, from its IP header on, as much as makes the message as large as it may be: 576 bytes (RFC 1812
	 * section 4.3.2.3), and 1280 (RFC 4443 section 2.4 (c)). */
	QUOTED_BYTES_V4 = 576 - 20 - 8,
	QUOTED_BYTES_V6 = 1280 - 40 - 8,
	LEAST_MTU_V6 = 1280, /* RFC 8200 section 5: hosts take no smaller one for true. */
	MESSAGE_TTL = 64,
	MESSAGE_TOS = 0xc0, /* Internetwork control (RFC 1812 section 4.3.2.5). */
	IP_MORE_FRAGMENTS = 0x2000,
	CSUM_DIFF_BYTES = 512, /* That bpf_csum_diff() takes at once. */
};

/* RFC 792 and RFC 4443; the headers that define them for C bring a whole libc along. */
enum {
	ICMP_UNREACHABLE = 3,
	ICMP_FRAGMENTATION_NEEDED = 4, /* A code of it. */
	ICMP_SOURCE_QUENCH = 4,
	ICMP_REDIRECT = 5,
	ICMP_TIME_EXCEEDED = 11,
	ICMP_PARAMETER_PROBLEM = 12,
	ICMP6_TOO_BIG = 2,
	ICMP6_FIRST_NO_ERROR = 128,
	ICMP6_REDIRECT = 137,
};

/* RFC 792, and RFC 1191 section 4. */
struct icmp_too_big {
	__u8 type;
	__u8 code;
	__be16 checksum;
	__be16 unused;
	__be16 mtu_bytes;
};

struct icmp6_too_big {
	__u8 type;
	__u8 code;
	__be16 checksum;
	be32_in_packet mtu_bytes;
};

struct message_v4 {
	struct ethernet ethernet;
	struct ipv4 ip;
	struct icmp_too_big icmp;
	struct ipv4 quoted;
	__u8 rest[QUOTED_BYTES_V4 - sizeof(struct ipv4)];
};

struct message_v6 {
	struct ethernet ethernet;
	struct ipv6 ip;
	struct icmp6_too_big icmp;
	struct ipv6 quoted;
	__u8 rest[QUOTED_BYTES_V6 - sizeof(struct ipv6)];
};

/* One of the messages that may go to a port in this tick. */
static __always_inline bool may_tell(__u32 slot, __u32 tick)
{
	return is_one_more(bpf_map_lookup_elem(&told, &slot), WEFT_TOLD_PER_TICK, tick);
}

static __always_inline bool is_transport_with_checksum(__u8 protocol)
{
	return protocol == IPPROTO_TCP || protocol == IPPROTO_UDP;
}

/* Its first byte is the type. */
static __always_inline bool is_icmp_error(__u8 type)
{
	return type == ICMP_UNREACHABLE || type == ICMP_SOURCE_QUENCH || type == ICMP_REDIRECT ||
	       type == ICMP_TIME_EXCEEDED || type == ICMP_PARAMETER_PROBLEM;
}

/* RFC 1122 section 3.2.2: not about ICMP errors, nor fragments other than the first, nor what is for many or from
 * nobody in particular. Packets with options are left out. */
static __always_inline bool may_be_told_v4(const struct ipv4 *ip, __u8 first_byte)
{
	__u32 source = bpf_ntohl(ip->source), destination = bpf_ntohl(ip->destination);

	if (ip->version_and_words != 0x45 || fold(sum_of(ip)) != 0xffff || ip->fragment & bpf_htons(IP_OFFSET))
		return false;
	if (ip->protocol == IPPROTO_ICMP && is_icmp_error(first_byte))
		return false;
	return source >> 24 && source >> 24 != 127 && source < 0xe0000000 && destination >> 24 &&
	       destination < 0xe0000000;
}

/* RFC 4443 section 2.4 (e). It would let this message be about what is for many, too; from whom should it come? */
static __always_inline bool may_be_told_v6(const struct ipv6 *ip, __u8 first_byte)
{
	bool is_error = first_byte < ICMP6_FIRST_NO_ERROR || first_byte == ICMP6_REDIRECT;

	if (!is_v6(ip) || (ip->protocol == PROTOCOL_ICMP6 && is_error))
		return false;
	return bpf_ntohl(ip->source[0]) >> 24 != 0xff && bpf_ntohl(ip->destination[0]) >> 24 != 0xff &&
	       (ip->source[0] | ip->source[1] | ip->source[2] | ip->source[3]);
}

/* Makes room for `header_bytes` between the Ethernet header and what is left of the packet. */
static __always_inline bool reshape(struct __sk_buff *skb, const __u32 header_bytes, const __u32 quoted_bytes)
{
	return !bpf_skb_change_tail(skb, ETH_HLEN + quoted_bytes, 0) &&
	       !bpf_skb_adjust_room(skb, header_bytes, BPF_ADJ_ROOM_MAC, 0) &&
	       !bpf_skb_pull_data(skb, ETH_HLEN + header_bytes + quoted_bytes);
}

static __always_inline __u32 add_bytes(__u32 sum, void *from, const __u32 bytes)
{
	const __u32 rest = bytes % CSUM_DIFF_BYTES;

#pragma unroll
	for (__u32 at = 0; at < bytes - rest; at += CSUM_DIFF_BYTES)
		sum = bpf_csum_diff(NULL, 0, from + at, CSUM_DIFF_BYTES, sum);
	return rest ? bpf_csum_diff(NULL, 0, from + (bytes - rest), rest, sum) : sum;
}

static __always_inline __u16 complement(__u64 sum) { return ~fold(sum); }

/* The sum of what is quoted from the transport header on, `sum` as it is.
 *
 * A sender's stack leaves the transport checksum to the device; then the kernel may fill it in yet, behind us, with the
 * effect that all from the transport header on sums up to the complement of what was in its place before. So the last
 * word of the quote, far behind all headers, is chosen to let it sum up to that now: the message's own checksum holds
 * before and after. */
static __always_inline __u16 settle(__be16 checksum, __be16 *last, __u64 sum)
{
	__u16 wanted = ~checksum;

	*last = fold((__u64)*last + complement(sum) + wanted);
	return wanted;
}

static __always_inline void swap_addresses(struct ethernet *ethernet)
{
	struct ethernet as_it_was = *ethernet;

	__builtin_memcpy(ethernet->destination, as_it_was.source, sizeof(ethernet->destination));
	__builtin_memcpy(ethernet->source, as_it_was.destination, sizeof(ethernet->source));
}

static __noinline bool tell_v4(struct __sk_buff *skb, __u32 mtu_bytes)
{
	struct message_v4 *message;
	__u32 sum;

	if (!reshape(skb, sizeof(message->ip) + sizeof(message->icmp), QUOTED_BYTES_V4))
		return false;
	message = (void *)(long)skb->data;
	if ((void *)(message + 1) > (void *)(long)skb->data_end)
		return false;
	swap_addresses(&message->ethernet);
	message->ip = (struct ipv4){.version_and_words = 0x45,
				    .tos = MESSAGE_TOS,
				    .bytes = bpf_htons(sizeof(*message) - sizeof(message->ethernet)),
				    .fragment = bpf_htons(IP_DONT_FRAGMENT),
				    .ttl = MESSAGE_TTL,
				    .protocol = IPPROTO_ICMP,
				    .source = message->quoted.destination,
				    .destination = message->quoted.source};
	message->ip.checksum = complement(sum_of(&message->ip));

	/* The quoted header itself, with its checksum, counts nothing. */
	sum = add_bytes(0, &message->quoted, QUOTED_BYTES_V4);
	if (is_transport_with_checksum(message->quoted.protocol) &&
	    !(message->quoted.fragment & bpf_htons(IP_MORE_FRAGMENTS))) {
		__be16 *checksum = (void *)&message->rest[message->quoted.protocol == IPPROTO_TCP ? 16 : 6];

		sum = settle(*checksum, (void *)&message->rest[sizeof(message->rest) - 2], sum);
	}
	message->icmp = (struct icmp_too_big){
	    .type = ICMP_UNREACHABLE, .code = ICMP_FRAGMENTATION_NEEDED, .mtu_bytes = bpf_htons(mtu_bytes)};
	message->icmp.checksum = complement((__u64)sum + bpf_htons(ICMP_UNREACHABLE << 8 | ICMP_FRAGMENTATION_NEEDED) +
					    message->icmp.mtu_bytes);
	return true;
}

static __noinline bool tell_v6(struct __sk_buff *skb, __u32 mtu_bytes)
{
	const __u32 payload_bytes = sizeof(struct icmp6_too_big) + QUOTED_BYTES_V6;
	struct message_v6 *message;
	__u32 header, sum;

	if (!reshape(skb, sizeof(message->ip) + sizeof(message->icmp), QUOTED_BYTES_V6))
		return false;
	message = (void *)(long)skb->data;
	if ((void *)(message + 1) > (void *)(long)skb->data_end)
		return false;
	swap_addresses(&message->ethernet);
	message->ip.version_tos_flow = bpf_htonl(0x60000000 | MESSAGE_TOS << 20);
	message->ip.payload_bytes = bpf_htons(payload_bytes);
	message->ip.protocol = PROTOCOL_ICMP6;
	message->ip.hop_limit = MESSAGE_TTL;
	__builtin_memcpy(message->ip.source, message->quoted.destination, sizeof(message->ip.source));
	__builtin_memcpy(message->ip.destination, message->quoted.source, sizeof(message->ip.destination));

	header = add_bytes(0, &message->quoted, sizeof(message->quoted));
	sum = add_bytes(0, message->rest, sizeof(message->rest));
	if (is_transport_with_checksum(message->quoted.protocol)) {
		__be16 *checksum = (void *)&message->rest[message->quoted.protocol == IPPROTO_TCP ? 16 : 6];

		sum = settle(*checksum, (void *)&message->rest[sizeof(message->rest) - 2], sum);
	}
	/* With the pseudo header of RFC 8200 section 8.1. */
	sum = add_bytes(fold((__u64)header + sum), message->ip.source, sizeof(message->ip.source) * 2);
	message->icmp = (struct icmp6_too_big){.type = ICMP6_TOO_BIG, .mtu_bytes = bpf_htonl(mtu_bytes)};
	message->icmp.checksum = complement((__u64)sum + bpf_htons(ICMP6_TOO_BIG << 8) + bpf_htonl(mtu_bytes) +
					    bpf_htons(payload_bytes) + bpf_htons(PROTOCOL_ICMP6));
	return true;
}

/* True: the frame is the message now. Else it is of no use to anybody any more. */
static __always_inline bool tell_sender(struct __sk_buff *skb, __u32 slot, __u32 mtu_bytes, __u32 tick)
{
	const struct ethernet *ethernet;
	void *end;

	if (bpf_skb_pull_data(skb, ETH_HLEN + sizeof(struct ipv6) + 1))
		return false;
	ethernet = (void *)(long)skb->data;
	end = (void *)(long)skb->data_end;
	/* The second: a tag is among its bytes. */
	if ((void *)(ethernet + 1) > end || ethernet->type != skb->protocol || is_multicast(ethernet->destination))
		return false;
	if (ethernet->type == bpf_htons(ETH_P_IP)) {
		const struct ipv4 *ip = (void *)(ethernet + 1);

		if ((void *)(ip + 1) + 1 > end || skb->len < ETH_HLEN + QUOTED_BYTES_V4 ||
		    !may_be_told_v4(ip, *(const __u8 *)(ip + 1)))
			return false;
		return may_tell(slot, tick) && tell_v4(skb, mtu_bytes);
	}
	if (ethernet->type == bpf_htons(ETH_P_IPV6)) {
		const struct ipv6 *ip = (void *)(ethernet + 1);

		if ((void *)(ip + 1) + 1 > end || skb->len < ETH_HLEN + QUOTED_BYTES_V6 || mtu_bytes < LEAST_MTU_V6 ||
		    !may_be_told_v6(ip, *(const __u8 *)(ip + 1)))
			return false;
		return may_tell(slot, tick) && tell_v6(skb, mtu_bytes);
	}
	return false;
}

#endif
