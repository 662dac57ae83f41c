/* What services and port security must know of a packet: read once, from wherever its bytes lie. */
#ifndef WEFT_BPF_PACKET_H
#define WEFT_BPF_PACKET_H

#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <linux/in.h>
#include <bpf/bpf_helpers.h>
#include <stdbool.h>

#include "abi.h"
#include "outer.h"
#include "parse.h"

/* RFC 8200 section 4, and the registry of IPv6 extension headers. */
enum {
	EXTENSION_HOP_BY_HOP = 0,
	EXTENSION_ROUTING = 43,
	EXTENSION_FRAGMENT = 44,
	EXTENSION_AUTHENTICATION = 51,
	EXTENSION_DESTINATION = 60,
	EXTENSION_MOBILITY = 135,
	EXTENSION_HOST_IDENTITY = 139,
	EXTENSION_SHIM6 = 140,
	EXTENSION_OFFSET = 0xfff8, /* In the fragment header. */
};

enum {
	ARP_ETHERNET = 1,
	ARP_REQUEST = 1,
	ARP_REPLY = 2,
	PACKET_PROTOCOL_NONE = 59, /* "No next header": of fragments other than the first. */
};

struct arp {
	__be16 hardware;
	__be16 protocol;
	__u8 hardware_bytes;
	__u8 protocol_bytes;
	__be16 operation;
	__be16 sender_mac[3];
	be32_in_packet sender;
	__be16 target_mac[3];
	be32_in_packet target;
};
_Static_assert(sizeof(struct arp) == 28, "as on the wire");

struct packet {
	struct weft_vlan_key network;
	struct weft_address source; /* Of ARP: who sends, and who is asked for. IPv4 ones are mapped. */
	struct weft_address destination;
	__u32 transport; /* Where the header of `protocol` begins, */
	__u32 end;	 /* and where the IPv6 packet ends. */
	__be16 type;	 /* Ethernet type. */
	__be16 ports[2]; /* Of TCP and UDP: source and destination. The first two bytes of other protocols. */
	__be16 to_mac[3];
	__be16 mac[3];	      /* Source of the frame, */
	__be16 sender_mac[3]; /* and in an ARP packet. */
	__be16 operation;     /* Of ARP. */
	__u8 protocol;
	__u8 is_fragment;
	__u8 is_unreadable; /* Cut off, contradictory, or too nested: nothing else about it is sure. */
	__u8 reserved[3];
};

/* Of ICMPv6 and of IGMP. */
static __always_inline __u8 message_type(const struct packet *packet) { return bpf_ntohs(packet->ports[0]) >> 8; }

static __always_inline bool is_same_mac(const __be16 a[3], const __be16 b[3])
{
	return a[0] == b[0] && a[1] == b[1] && a[2] == b[2];
}

static __always_inline bool is_same_address(const struct weft_address *a, const struct weft_address *b)
{
	return a->words[0] == b->words[0] && a->words[1] == b->words[1] && a->words[2] == b->words[2] &&
	       a->words[3] == b->words[3];
}

static __always_inline bool is_unspecified(const struct weft_address *address)
{
	return !(address->words[0] | address->words[1] | address->words[2] | address->words[3]);
}

static __always_inline bool is_v4_address(const struct weft_address *address, __u32 number)
{
	return !address->words[0] && !address->words[1] && address->words[2] == bpf_htonl(0xffff) &&
	       address->words[3] == bpf_htonl(number);
}

/* fe80::/10 */
static __always_inline bool is_link_local(const struct weft_address *address)
{
	return (address->words[0] & bpf_htonl(0xffc00000)) == bpf_htonl(0xfe800000);
}

static __always_inline bool is_transport_known(__u8 protocol)
{
	return protocol == IPPROTO_TCP || protocol == IPPROTO_UDP || protocol == PROTOCOL_ICMP6 ||
	       protocol == IPPROTO_IGMP;
}

static __always_inline bool read_transport(struct __sk_buff *skb, struct packet *packet)
{
	return !is_transport_known(packet->protocol) ||
	       !bpf_skb_load_bytes(skb, packet->transport, packet->ports, sizeof(packet->ports));
}

static __always_inline bool read_arp(struct __sk_buff *skb, struct packet *packet)
{
	struct arp arp;

	if (bpf_skb_load_bytes(skb, ETH_HLEN, &arp, sizeof(arp)) || arp.hardware != bpf_htons(ARP_ETHERNET) ||
	    arp.protocol != bpf_htons(ETH_P_IP) || arp.hardware_bytes != 6 || arp.protocol_bytes != 4)
		return false;
	packet->operation = arp.operation;
	map_v4(packet->source.words, arp.sender);
	map_v4(packet->destination.words, arp.target);
	__builtin_memcpy(packet->sender_mac, arp.sender_mac, sizeof(packet->sender_mac));
	return true;
}

static __always_inline bool read_ipv4(struct __sk_buff *skb, struct packet *packet)
{
	struct ipv4 ip;

	if (bpf_skb_load_bytes(skb, ETH_HLEN, &ip, sizeof(ip)) || ip.version_and_words >> 4 != 4 ||
	    (ip.version_and_words & 15) < 5)
		return false;
	map_v4(packet->source.words, ip.source);
	map_v4(packet->destination.words, ip.destination);
	packet->protocol = ip.protocol;
	packet->transport = ETH_HLEN + (ip.version_and_words & 15) * 4;
	packet->is_fragment = !!(ip.fragment & bpf_htons(IP_FRAGMENT));
	if (ip.fragment & bpf_htons(IP_OFFSET)) {
		packet->protocol = PACKET_PROTOCOL_NONE;
		return true;
	}
	return read_transport(skb, packet);
}

static __always_inline bool is_extension(__u8 protocol)
{
	return protocol == EXTENSION_HOP_BY_HOP || protocol == EXTENSION_ROUTING || protocol == EXTENSION_FRAGMENT ||
	       protocol == EXTENSION_AUTHENTICATION || protocol == EXTENSION_DESTINATION ||
	       protocol == EXTENSION_MOBILITY || protocol == EXTENSION_HOST_IDENTITY || protocol == EXTENSION_SHIM6;
}

/* Steps over one extension header. */
static __always_inline bool step_over(struct __sk_buff *skb, struct packet *packet)
{
	struct {
		__u8 next;
		__u8 units;
		__be16 fragment;
	} header;
	__u32 bytes;

	if (bpf_skb_load_bytes(skb, packet->transport, &header, sizeof(header)))
		return false;
	if (packet->protocol == EXTENSION_FRAGMENT) {
		packet->is_fragment = 1;
		bytes = 8;
		if (header.fragment & bpf_htons(EXTENSION_OFFSET))
			header.next = PACKET_PROTOCOL_NONE;
	} else if (packet->protocol == EXTENSION_AUTHENTICATION) {
		bytes = (header.units + 2) * 4;
	} else {
		bytes = (header.units + 1) * 8;
	}
	packet->protocol = header.next;
	packet->transport += bytes;
	return true;
}

static __always_inline bool read_ipv6(struct __sk_buff *skb, struct packet *packet)
{
	struct ipv6 ip;

	if (bpf_skb_load_bytes(skb, ETH_HLEN, &ip, sizeof(ip)) || !is_v6(&ip) || !ip.payload_bytes)
		return false;
	__builtin_memcpy(&packet->source, ip.source, sizeof(packet->source));
	__builtin_memcpy(&packet->destination, ip.destination, sizeof(packet->destination));
	packet->protocol = ip.protocol;
	packet->transport = ETH_HLEN + sizeof(ip);
	packet->end = packet->transport + bpf_ntohs(ip.payload_bytes);
	for (int i = 0; i < WEFT_MOST_EXTENSIONS && is_extension(packet->protocol); i++) {
		if (!step_over(skb, packet))
			return false;
	}
	return !is_extension(packet->protocol) && read_transport(skb, packet);
}

/* Fills in what is not the network. */
__noinline int read_packet(struct __sk_buff *skb, struct packet *packet)
{
	struct ethernet ethernet;
	bool is_read = true;

	if (!packet)
		return 0;
	if (bpf_skb_load_bytes(skb, 0, &ethernet, sizeof(ethernet))) {
		packet->is_unreadable = 1;
		return 0;
	}
	packet->type = ethernet.type;
	__builtin_memcpy(packet->to_mac, ethernet.destination, sizeof(packet->to_mac));
	__builtin_memcpy(packet->mac, ethernet.source, sizeof(packet->mac));
	if (packet->type == bpf_htons(ETH_P_ARP))
		is_read = read_arp(skb, packet);
	else if (packet->type == bpf_htons(ETH_P_IP))
		is_read = read_ipv4(skb, packet);
	else if (packet->type == bpf_htons(ETH_P_IPV6))
		is_read = read_ipv6(skb, packet);
	packet->is_unreadable = !is_read;
	return 0;
}

#endif
