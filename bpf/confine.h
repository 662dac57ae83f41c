/* Port security: what a confined port's guest may send. Its Ethernet address is the source of its frames, the sender in
 * its ARP packets and in its neighbour discovery options; and where its IP addresses are given, it speaks of no others
 * as its own. What is no ARP and no IP only needs the right Ethernet address.
 *
 * Beyond the addresses that are given: 0.0.0.0 asks by DHCP, probes by ARP and joins groups (RFC 3376 section 4.2.13);
 * "::" asks for routers, joins groups and probes for addresses (RFC 4861, RFC 3810, RFC 4862); and any link-local
 * address that is not known to be another's. Those made from an Ethernet address (RFC 4291 appendix A) tell whose they
 * are; the others are random (RFC 7217). */
#ifndef WEFT_BPF_CONFINE_H
#define WEFT_BPF_CONFINE_H

#include "maps.h"
#include "packet.h"
#include "tell_sender.h"

#define NO_VIOLATION WEFT_DROP_COUNT

enum {
	PORT_DHCP4_SERVER = 67,
	PORT_DHCP4_CLIENT = 68,
	IGMP_REPORT_1 = 0x12,
	IGMP_REPORT_2 = 0x16,
	IGMP_LEAVE = 0x17,
	IGMP_REPORT_3 = 0x22,
	ICMP6_LISTENER_QUERY = 130,
	ICMP6_LISTENER_REPORT = 131,
	ICMP6_LISTENER_DONE = 132,
	ICMP6_ROUTER_SOLICITATION = 133,
	ICMP6_ROUTER_ADVERTISEMENT = 134,
	ICMP6_NEIGHBOUR_SOLICITATION = 135,
	ICMP6_NEIGHBOUR_ADVERTISEMENT = 136,
	ICMP6_LISTENER_REPORT_2 = 143,
	ND_SOURCE_MAC = 1, /* Options. */
	ND_TARGET_MAC = 2,
	ND_TARGET = 8, /* Where solicitations and advertisements have the address that they are about. */
};

static __always_inline bool is_mac_of(const struct weft_guest *guest, const __be16 mac[3])
{
	return is_same_mac((const __be16 *)guest->mac, mac);
}

/* Among those that are given. */
__noinline int is_given(const struct weft_guest *guest, const struct weft_address *address)
{
	if (!guest || !address)
		return 0;
	for (__u32 i = 0; i < WEFT_GUEST_ADDRESSES; i++) {
		if (i >= guest->count)
			break;
		if (is_same_address(&guest->addresses[i], address))
			return 1;
	}
	return 0;
}

/* The lower half of a link-local address that is made from an Ethernet address, and from which. */
static __always_inline bool is_made_of_mac(const struct weft_address *address)
{
	return (address->words[2] & bpf_htonl(0xff)) == bpf_htonl(0xff) &&
	       (address->words[3] & bpf_htonl(0xff000000)) == bpf_htonl(0xfe000000);
}

static __always_inline bool is_made_of(const struct weft_address *address, const struct weft_guest *guest)
{
	const __u8 *mac = guest->mac;

	return address->words[2] == bpf_htonl((mac[0] ^ 2U) << 24 | mac[1] << 16 | mac[2] << 8 | 0xff) &&
	       address->words[3] == bpf_htonl(0xfe000000U | mac[3] << 16 | mac[4] << 8 | mac[5]);
}

/* Nobody else has it, as far as is known. */
static __always_inline bool is_free(const struct weft_vlan_key *network, const struct weft_address *address,
				    const struct weft_guest *guest)
{
	struct weft_neighbour_key key = {.network = *network, .address = *address};
	const struct weft_neighbour *neighbour = bpf_map_lookup_elem(&neighbours, &key);

	return !neighbour || is_mac_of(guest, (const __be16 *)neighbour->mac);
}

__noinline int may_claim(const struct weft_guest *guest, const struct weft_vlan_key *network,
			 const struct weft_address *address)
{
	if (!guest || !network || !address)
		return 0;
	if (!guest->count || is_given(guest, address))
		return 1;
	if (!is_link_local(address))
		return 0;
	return is_made_of_mac(address) ? is_made_of(address, guest) : is_free(network, address, guest);
}

/* RFC 4861 section 4: where the options of a message begin. */
static __always_inline __u32 bytes_before_options(__u8 type)
{
	if (type == ICMP6_ROUTER_SOLICITATION)
		return 8;
	if (type == ICMP6_ROUTER_ADVERTISEMENT)
		return 16;
	return type == ICMP6_REDIRECT ? 40 : 24;
}

static __noinline enum weft_drop check_options(struct __sk_buff *skb, const struct weft_guest *guest,
					       const struct packet *packet)
{
	__u32 at = packet->transport + bytes_before_options(message_type(packet));
	struct {
		__u8 type;
		__u8 units;
		__be16 mac[3];
	} option;

	for (int i = 0; i < WEFT_MOST_ND_OPTIONS && at < packet->end; i++) {
		if (bpf_skb_load_bytes(skb, at, &option, sizeof(option)) || !option.units)
			return WEFT_DROP_NOT_CHECKED;
		if ((option.type == ND_SOURCE_MAC || option.type == ND_TARGET_MAC) && !is_mac_of(guest, option.mac))
			return WEFT_DROP_NOT_ITS_NEIGHBOUR;
		at += option.units * 8;
	}
	return at < packet->end ? WEFT_DROP_NOT_CHECKED : NO_VIOLATION;
}

/* Of a message of neighbour discovery. */
static __always_inline enum weft_drop check_discovery(struct __sk_buff *skb, const struct weft_guest *guest,
						      const struct packet *packet)
{
	struct weft_address target;
	__u8 type = message_type(packet);
	bool is_claim = type == ICMP6_NEIGHBOUR_ADVERTISEMENT ||
			(type == ICMP6_NEIGHBOUR_SOLICITATION && is_unspecified(&packet->source));

	if (packet->is_fragment) /* RFC 6980: nobody takes it. */
		return WEFT_DROP_NOT_CHECKED;
	if (is_claim) {
		if (bpf_skb_load_bytes(skb, packet->transport + ND_TARGET, &target, sizeof(target)))
			return WEFT_DROP_NOT_CHECKED;
		if (!may_claim(guest, &packet->network, &target))
			return WEFT_DROP_NOT_ITS_NEIGHBOUR;
	}
	return check_options(skb, guest, packet);
}

static __always_inline bool may_be_from_nobody_v6(const struct packet *packet)
{
	__u8 type = message_type(packet);

	return packet->protocol == PROTOCOL_ICMP6 &&
	       (type == ICMP6_ROUTER_SOLICITATION || type == ICMP6_NEIGHBOUR_SOLICITATION ||
		type == ICMP6_LISTENER_REPORT || type == ICMP6_LISTENER_DONE || type == ICMP6_LISTENER_REPORT_2);
}

static __always_inline enum weft_drop check_ipv6(struct __sk_buff *skb, const struct weft_guest *guest,
						 const struct packet *packet)
{
	__u8 type = message_type(packet);

	if (is_unspecified(&packet->source) ? !may_be_from_nobody_v6(packet)
					    : !may_claim(guest, &packet->network, &packet->source))
		return WEFT_DROP_NOT_ITS_ADDRESS;
	if (packet->protocol == PROTOCOL_ICMP6 && type >= ICMP6_ROUTER_SOLICITATION && type <= ICMP6_REDIRECT)
		return check_discovery(skb, guest, packet);
	return NO_VIOLATION;
}

static __always_inline bool is_udp(const struct packet *packet, __u16 source, __u16 destination)
{
	return packet->protocol == IPPROTO_UDP && packet->ports[0] == bpf_htons(source) &&
	       packet->ports[1] == bpf_htons(destination);
}

static __always_inline bool may_be_from_nobody_v4(const struct packet *packet)
{
	__u8 type = message_type(packet);

	if (packet->is_fragment)
		return false;
	return is_udp(packet, PORT_DHCP4_CLIENT, PORT_DHCP4_SERVER) ||
	       (packet->protocol == IPPROTO_IGMP &&
		(type == IGMP_REPORT_1 || type == IGMP_REPORT_2 || type == IGMP_REPORT_3 || type == IGMP_LEAVE));
}

static __always_inline enum weft_drop check_ipv4(const struct weft_guest *guest, const struct packet *packet)
{
	if (is_v4_address(&packet->source, 0))
		return may_be_from_nobody_v4(packet) ? NO_VIOLATION : WEFT_DROP_NOT_ITS_ADDRESS;
	return may_claim(guest, &packet->network, &packet->source) ? NO_VIOLATION : WEFT_DROP_NOT_ITS_ADDRESS;
}

static __always_inline enum weft_drop check_arp(const struct weft_guest *guest, const struct packet *packet)
{
	if (!is_mac_of(guest, packet->sender_mac))
		return WEFT_DROP_NOT_ITS_ARP;
	return is_v4_address(&packet->source, 0) || may_claim(guest, &packet->network, &packet->source)
		   ? NO_VIOLATION
		   : WEFT_DROP_NOT_ITS_ARP;
}

/* Why the guest behind the port in `slot` may not send this packet; NO_VIOLATION: it may. */
__noinline int violation(struct __sk_buff *skb, __u32 slot, const struct packet *packet)
{
	const struct weft_guest *guest = bpf_map_lookup_elem(&guests, &slot);

	if (!packet || !guest || !is_mac_of(guest, packet->mac))
		return WEFT_DROP_NOT_ITS_MAC; /* One that is not known is all zero, and nobody's. */
	if (packet->is_unreadable || packet->type == bpf_htons(ETH_P_8021Q) || packet->type == bpf_htons(ETH_P_8021AD))
		return WEFT_DROP_NOT_CHECKED;
	if (packet->type == bpf_htons(ETH_P_ARP))
		return check_arp(guest, packet);
	if (packet->type == bpf_htons(ETH_P_IP))
		return check_ipv4(guest, packet);
	if (packet->type == bpf_htons(ETH_P_IPV6))
		return check_ipv6(skb, guest, packet);
	return NO_VIOLATION;
}

#endif
