// What the probers of all hosts and the program that leads them agree on: who is there, what is asked of whom, and how
// it ended. Plain values; protocol.hpp writes them as lines.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "wire/ip_address.hpp"
#include "wire/mac_address.hpp"
#include "wire/subnet.hpp"

namespace weft::prober {

// One that is reached. Its place in the list is its number, which all probers share.
struct Endpoint {
  std::string name = {};
  std::uint32_t network = 0;  // Those of one network reach each other, those of different ones never.
  MacAddress mac = {};
  std::optional<IpAddress> address4 = {}, address6 = {};
  std::uint32_t mtu_bytes = 1500;
  std::string netns = {};  // Path of its network namespace, where it is on this host and a prober may enter it.
  bool is_guest = false;   // No prober enters it, on any host: it answers, and is neither asked nor listened in.
  std::uint16_t tcp_port4 = 0, tcp_port6 = 0;  // Where it takes connections; 0: nowhere.

  bool is_here() const { return !netns.empty(); }
  bool operator==(const Endpoint&) const = default;
};
using Endpoints = std::vector<Endpoint>;
inline constexpr std::uint32_t endpoints_max =
    4096;  // An echo's sequence number has to tell them, and a line to hold a row.

// What one endpoint asks another. The order is the one they are asked in.
enum class Probe : std::uint8_t {
  flood,     // Does it hear the other's broadcast frame? Asked of the one that hears.
  stranger,  // Does it hear a frame to its own address from another network? Never should.
  resolve4,
  resolve6,  // ARP, neighbour discovery. Each asks one other.
  small4,
  small6,  // ICMP echo,
  full4,
  full6,  // of a packet as large as the devices carry, not to be fragmented.
  tcp4,
  tcp6,  // A connection, and what is said on it.
};
inline constexpr std::array probes{Probe::flood,  Probe::stranger, Probe::resolve4, Probe::resolve6, Probe::small4,
                                   Probe::small6, Probe::full4,    Probe::full6,    Probe::tcp4,     Probe::tcp6};
std::string_view name_of(Probe probe);
std::optional<Probe> probe_named(std::string_view name);
bool is_ipv6(Probe probe);

enum class Outcome : char {
  not_asked = ' ',
  answered = '+',
  answered_late = 'r',  // After it was asked again.
  silence = '-',
  too_large = 'm',    // A device or a router on the way said so.
  unreachable = 'u',  // The sender's own kernel knew no way, or found nobody.
  refused = 'x',      // TCP: a reset.
  mistaken = 'w',     // Somebody else answered.
};
inline constexpr std::string_view outcome_letters = " +r-muxw";
inline bool is_answer(Outcome outcome) { return outcome == Outcome::answered || outcome == Outcome::answered_late; }

// How a probe of one endpoint ended with each of the others, a letter for each: `outcomes[other]`.
struct Row {
  Probe probe = Probe::small4;
  std::uint32_t endpoint = 0;  // Who asked, or, of frames, who heard.
  std::string outcomes = {};

  bool operator==(const Row&) const = default;
};

// An endpoint as its prober finds it.
struct Found {
  std::uint32_t endpoint = 0;
  std::string trouble = {};  // Why nothing can be asked there; empty: nothing.
  std::string device = {};
  MacAddress mac = {};
  std::uint32_t mtu_bytes = 0;
  bool is_up = false, has_carrier = false;
  std::vector<InterfaceAddress> addresses = {};  // Of the device, those that it should not have, too.
  std::uint16_t tcp_port4 = 0, tcp_port6 = 0;

  // As the device has it, or null.
  const InterfaceAddress* address(const IpAddress& wanted) const {
    const auto found = std::ranges::find(addresses, wanted, &InterfaceAddress::address);
    return found == addresses.end() ? nullptr : &*found;
  }
  bool operator==(const Found&) const = default;
};

// A packet of a tunnel, seen on an underlay device, that carries a test frame of this run.
struct Captured {
  bool is_outgoing = false;
  IpAddress source = {}, destination = {};  // The outer ones.
  std::uint32_t vni = 0;
  std::uint32_t from = 0, to = 0;  // Endpoints, as the frame says; everybody: a broadcast.
  std::uint32_t bytes = 0;         // Of the outer packet, IP header included.

  bool operator==(const Captured&) const = default;
};
inline constexpr std::uint32_t everybody = 0xffffffff;

}  // namespace weft::prober
