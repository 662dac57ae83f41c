// Frames that guests of served networks send, made up for the tests: what asks, what answers, what pretends.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "bpf/abi.h"

namespace weft
{

using Bytes = std::vector<std::uint8_t>;
using Mac = std::array<std::uint8_t, 6>;
using V4 = std::array<std::uint8_t, 4>;
using V6 = std::array<std::uint8_t, 16>;

inline constexpr V4 nobody{}, metadata{169, 254, 169, 254};
inline constexpr V6 nobody_v6{};
inline constexpr Mac service_mac WEFT_SERVICE_MAC;

inline void append(Bytes &to, const auto &more) { to.insert(to.end(), more.begin(), more.end()); }
inline void append16(Bytes &to, std::size_t value)
{
	to.push_back(static_cast<std::uint8_t>(value >> 8));
	to.push_back(static_cast<std::uint8_t>(value));
}
inline std::uint16_t get16(const Bytes &bytes, std::size_t at)
{
	return static_cast<std::uint16_t>(bytes.at(at) << 8 | bytes.at(at + 1));
}

inline Bytes ethernet(const Mac &from, const Mac &to, std::uint16_t type, const Bytes &payload)
{
	Bytes frame;
	append(frame, to);
	append(frame, from);
	append16(frame, type);
	append(frame, payload);
	return frame;
}

inline Bytes arp(std::uint16_t operation, const Mac &sender_mac, const V4 &sender, const V4 &target)
{
	Bytes packet{0, 1, 8, 0, 6, 4};
	append16(packet, operation);
	append(packet, sender_mac);
	append(packet, sender);
	append(packet, Mac{});
	append(packet, target);
	return packet;
}

struct V4Options {
	std::uint16_t fragment = 0;
	std::size_t words = 5; // Of the header.
};
inline Bytes ipv4(const V4 &from, const V4 &to, std::uint8_t protocol, const Bytes &payload, V4Options options = {})
{
	Bytes packet{static_cast<std::uint8_t>(0x40 | options.words), 0};
	append16(packet, options.words * 4 + payload.size());
	append16(packet, 1);
	append16(packet, options.fragment);
	append(packet, Bytes{64, protocol, 0, 0});
	append(packet, from);
	append(packet, to);
	packet.resize(options.words * 4, 1);
	append(packet, payload);
	return packet;
}

inline Bytes ipv6(const V6 &from, const V6 &to, std::uint8_t protocol, const Bytes &payload)
{
	Bytes packet{0x60, 0, 0, 0};
	append16(packet, payload.size());
	append(packet, Bytes{protocol, 255});
	append(packet, from);
	append(packet, to);
	append(packet, payload);
	return packet;
}

inline Bytes transport(std::uint16_t from, std::uint16_t to, std::size_t size = 20)
{
	Bytes segment;
	append16(segment, from);
	append16(segment, to);
	segment.resize(size);
	return segment;
}

// A neighbour discovery message: what is between its checksum and its options, and these.
inline Bytes discovery(std::uint8_t type, const Bytes &body, const Bytes &options = {})
{
	Bytes message{type, 0, 0, 0};
	append(message, body);
	append(message, options);
	return message;
}
inline Bytes mac_option(std::uint8_t type, const Mac &mac)
{
	Bytes option{type, 1};
	append(option, mac);
	return option;
}
// Flags or reserved bytes, and the address that a solicitation or an advertisement is about.
inline Bytes about(const V6 &target)
{
	Bytes body(4);
	append(body, target);
	return body;
}
// `payload` behind an extension header of eight bytes, whose own kind the header before it tells.
inline Bytes behind_extension(std::uint8_t protocol, const Bytes &payload, std::uint16_t fragment = 0)
{
	Bytes packet{protocol, 0};
	append16(packet, fragment);
	append(packet, Bytes(4));
	append(packet, payload);
	return packet;
}

} // namespace weft
