// What a packet socket takes in that listens for endpoints.
#pragma once

#include <linux/filter.h>
#include <linux/if_packet.h>

#include <array>
#include <cstdint>

#include "wire/arp.hpp"
#include "wire/ethernet.hpp"
#include "wire/ip.hpp"

namespace weft::prober {

// Test frames, answers of ARP, and neighbour advertisements, but none that the device itself sends.
inline constexpr std::array<sock_filter, 12> answer_filter{{
    BPF_STMT(BPF_LD | BPF_B | BPF_ABS, static_cast<std::uint32_t>(SKF_AD_OFF + SKF_AD_PKTTYPE)),
    BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, PACKET_OUTGOING, 9, 0),
    BPF_STMT(BPF_LD | BPF_H | BPF_ABS, 12),
    BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, type_experimental, 6, 0),
    BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, type_arp, 0, 2),
    BPF_STMT(BPF_LD | BPF_H | BPF_ABS, ethernet_header_bytes + 6),
    BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, ArpPacket::reply, 3, 4),
    BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, type_ipv6, 0, 3),
    BPF_STMT(BPF_LD | BPF_H | BPF_ABS, ethernet_header_bytes + 6),  // Next header, hop limit: ICMPv6 from next door.
    BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, protocol_icmpv6 << 8 | 255, 0, 1),
    BPF_STMT(BPF_RET | BPF_K, 65535),
    BPF_STMT(BPF_RET | BPF_K, 0),
}};

}  // namespace weft::prober
