#include "wire/frame_words.hpp"

#include <fmt/format.h>

#include <array>
#include <charconv>

#include "wire/word_reader.hpp"

namespace weft {
namespace {

constexpr std::string_view broadcast = "broadcast";
constexpr MacAddress broadcast_address({0xff, 0xff, 0xff, 0xff, 0xff, 0xff});

constexpr std::array<std::pair<std::string_view, std::uint8_t>, 6> tcp_flags = {{{"syn", TcpHeader::syn},
                                                                                 {"ack", TcpHeader::ack},
                                                                                 {"fin", TcpHeader::fin},
                                                                                 {"rst", TcpHeader::rst},
                                                                                 {"psh", TcpHeader::psh},
                                                                                 {"urg", TcpHeader::urg}}};

Result<MacAddress> take_mac(WordReader& words, std::string_view expected) {
  const auto mac = MacAddress::parse(TRY(words.take(expected)));
  if (!mac) return words.complain_of_last(expected);
  return *mac;
}

Result<IpAddress> take_ip(WordReader& words, std::string_view expected) {
  const auto address = IpAddress::parse(TRY(words.take(expected)));
  if (!address) return words.complain_of_last(expected);
  return *address;
}

Result<std::uint16_t> take_port(WordReader& words) {
  return static_cast<std::uint16_t>(TRY(words.number("a port, 0 to 65535", 65535)));
}

Result<EthernetHeader> take_ethernet(WordReader& words) {
  EthernetHeader ethernet;
  ethernet.source = TRY(take_mac(words, "the source's MAC address, as 52:54:00:00:00:01"));
  TRY(words.expect(">"));
  if (words.accept(broadcast)) {
    ethernet.destination = broadcast_address;
  } else {
    ethernet.destination = TRY(take_mac(words, "the destination's MAC address, or \"broadcast\""));
  }
  while (true) {
    const bool is_service = words.accept("qinq");
    if (!is_service && !words.accept("vlan")) return ethernet;
    if (ethernet.tags.size() == max_vlan_tags) return words.complain_of_last("no more than 8 VLAN tags");
    VlanTag tag{.type = is_service ? type_service_vlan : type_vlan};
    tag.vlan = static_cast<std::uint16_t>(TRY(words.number("a VLAN, 0 to 4095", max_vlan)));
    if (words.accept("pcp")) tag.priority = static_cast<std::uint8_t>(TRY(words.number("a priority, 0 to 7", 7)));
    tag.may_be_dropped = words.accept("dei");
    ethernet.tags.push_back(tag);
  }
}

Result<ArpPacket> take_arp(WordReader& words, const EthernetHeader& ethernet) {
  const auto take_v4 = [&](std::string_view expected) -> Result<IpAddress> {
    const auto address = TRY(take_ip(words, expected));
    if (!address.is_v4()) return words.complain_of_last("an IPv4 address: ARP is for no other");
    return address;
  };
  ArpPacket arp{.sender_mac = ethernet.source};
  if (words.accept("who-has")) {
    arp.target = TRY(take_v4("the IPv4 address that is asked for"));
    TRY(words.expect("tell"));
    arp.sender = TRY(take_v4("the IPv4 address of who asks"));
    return arp;
  }
  arp.operation = ArpPacket::reply;
  arp.sender = TRY(take_v4("\"who-has\", or the IPv4 address that a reply is about"));
  TRY(words.expect("is-at"));
  arp.sender_mac = TRY(take_mac(words, "a MAC address"));
  arp.target_mac = ethernet.destination;
  return arp;
}

Result<IcmpHeader> take_icmp(WordReader& words, bool is_v4) {
  if (words.accept("echo-request")) return is_v4 ? icmp_echo_request : icmpv6_echo_request;
  if (words.accept("echo-reply")) return is_v4 ? icmp_echo_reply : icmpv6_echo_reply;
  IcmpHeader icmp;
  icmp.type =
      static_cast<std::uint8_t>(TRY(words.number("\"echo-request\", \"echo-reply\", or a type, 0 to 255", 255)));
  if (words.accept("code")) icmp.code = static_cast<std::uint8_t>(TRY(words.number("a code, 0 to 255", 255)));
  return icmp;
}

Result<Transport> take_transport(WordReader& words, const IpHeader& header) {
  if (words.accept("udp")) {
    UdpHeader udp{.source_port = TRY(take_port(words))};
    TRY(words.expect(">"));
    udp.destination_port = TRY(take_port(words));
    return udp;
  }
  if (words.accept("tcp")) {
    TcpHeader tcp{.source_port = TRY(take_port(words))};
    TRY(words.expect(">"));
    tcp.destination_port = TRY(take_port(words));
    for (bool is_flag = true; is_flag;) {
      is_flag = false;
      for (const auto& [word, bit] : tcp_flags) {
        if (!words.accept(word)) continue;
        tcp.flags |= bit;
        is_flag = true;
      }
    }
    return tcp;
  }
  const bool is_v4 = header.source.is_v4();
  if (words.accept("icmp") || (!is_v4 && words.accept("icmp6"))) return TRY(take_icmp(words, is_v4));
  return Transport{};
}

Result<IpPacket> take_ip_packet(WordReader& words) {
  IpPacket packet;
  auto& header = packet.header;
  header.source = TRY(take_ip(words, "the source's IP address"));
  TRY(words.expect(">"));
  header.destination = TRY(take_ip(words, "the destination's IP address"));
  if (header.source.is_v4() != header.destination.is_v4()) {
    return words.complain_of_last("an address of the same version as the source's");
  }
  while (true) {
    if (words.accept("ttl")) {
      header.ttl = static_cast<std::uint8_t>(TRY(words.number("a TTL or hop limit, 0 to 255", 255)));
    } else if (words.accept("tos")) {
      header.tos = static_cast<std::uint8_t>(TRY(words.number("a TOS or traffic class, 0 to 255", 255)));
    } else if (header.source.is_v4() && words.accept("df")) {
      header.dont_fragment = true;
    } else {
      break;
    }
  }
  if (words.accept("proto")) {
    header.protocol = static_cast<std::uint8_t>(TRY(words.number("a protocol's number, 0 to 255", 255)));
  } else {
    packet.transport = TRY(take_transport(words, header));
    header.protocol = protocol_of(packet.transport, header.source);
  }
  return packet;
}

Result<> take_content(WordReader& words, Frame& frame) {
  if (words.accept("arp")) {
    frame.ethernet.type = type_arp;
    frame.network = TRY(take_arp(words, frame.ethernet));
  } else if (words.accept("ip") || words.accept("ipv4") || words.accept("ipv6")) {
    const auto packet = TRY(take_ip_packet(words));
    frame.ethernet.type = packet.header.source.is_v4() ? type_ipv4 : type_ipv6;
    frame.network = packet;
  } else if (words.accept("type")) {
    frame.ethernet.type = static_cast<std::uint16_t>(TRY(words.number("an Ethernet type, as 0x88cc", 65535)));
  }
  return {};
}

std::string describe(const ArpPacket& arp) {
  if (arp.operation == ArpPacket::request) {
    return fmt::format(" arp who-has {} tell {}", arp.target.to_string(), arp.sender.to_string());
  }
  return fmt::format(" arp {} is-at {}", arp.sender.to_string(), arp.sender_mac.to_string());
}

std::string describe(const IcmpHeader& icmp, bool is_v4) {
  if (icmp == (is_v4 ? icmp_echo_request : icmpv6_echo_request)) return " icmp echo-request";
  if (icmp == (is_v4 ? icmp_echo_reply : icmpv6_echo_reply)) return " icmp echo-reply";
  return fmt::format(" icmp {}{}", icmp.type, icmp.code != 0 ? fmt::format(" code {}", icmp.code) : "");
}

std::string describe(const IpPacket& packet) {
  const auto& header = packet.header;
  const bool is_v4 = header.source.is_v4();
  auto text =
      fmt::format(" {} {} > {}", is_v4 ? "ipv4" : "ipv6", header.source.to_string(), header.destination.to_string());
  if (header.ttl != IpHeader{}.ttl) text += fmt::format(" ttl {}", header.ttl);
  if (header.tos != 0) text += fmt::format(" tos {:#x}", header.tos);
  if (header.dont_fragment) text += " df";
  if (const auto* udp = std::get_if<UdpHeader>(&packet.transport)) {
    return text + fmt::format(" udp {} > {}", udp->source_port, udp->destination_port);
  }
  if (const auto* tcp = std::get_if<TcpHeader>(&packet.transport)) {
    text += fmt::format(" tcp {} > {}", tcp->source_port, tcp->destination_port);
    for (const auto& [word, bit] : tcp_flags) {
      if ((tcp->flags & bit) != 0) text += fmt::format(" {}", word);
    }
    return text;
  }
  if (const auto* icmp = std::get_if<IcmpHeader>(&packet.transport)) return text + describe(*icmp, is_v4);
  return header.protocol == protocol_experimental ? text : text + fmt::format(" proto {}", header.protocol);
}

Result<Bytes> parse_hex(std::string_view text) {
  Bytes bytes;
  std::string digits;
  if (text.starts_with("0x")) text.remove_prefix(2);
  for (const char character : text) {
    if (std::string_view(" \t\r\n:").contains(character)) continue;
    if (!std::string_view("0123456789abcdefABCDEF").contains(character)) {
      return fail("bad frame", fmt::format("\"{}\" in the frame is no hex digit; a frame is hex digits, or words that "
                                           "begin with MAC > MAC",
                                           character));
    }
    digits += character;
  }
  if (digits.size() % 2 != 0) {
    return fail("bad frame", fmt::format("a frame in hex has two digits a byte; here are {}", digits.size()));
  }
  for (std::size_t i = 0; i < digits.size(); i += 2) {
    std::uint8_t byte = 0;
    std::from_chars(digits.data() + i, digits.data() + i + 2, byte, 16);
    bytes.push_back(byte);
  }
  return bytes;
}

}  // namespace

Result<Frame> parse_frame_words(std::string_view text) {
  WordReader words(text);
  Frame frame{.ethernet = TRY(take_ethernet(words))};
  TRY(take_content(words, frame));
  if (words.accept("len") || words.accept("length")) {
    const bool is_arp = std::holds_alternative<ArpPacket>(frame.network);
    if (is_arp) return words.complain_of_last("nothing more: ARP carries no data");
    frame.data_bytes = TRY(words.number("a number of bytes", max_told_frame_bytes));
  }
  if (!words.is_at_end()) {
    return words.complain_of_next(std::holds_alternative<std::monostate>(frame.network)
                                      ? "\"vlan\", \"arp\", \"ip\", \"type\" or \"len\""
                                      : "the end, or a word that can stand here (weft trace --help tells them)");
  }
  return frame;
}

std::string to_words(const Frame& frame) {
  const auto& ethernet = frame.ethernet;
  auto text = fmt::format("{} > {}", ethernet.source.to_string(), ethernet.destination.to_string());
  for (const auto& tag : ethernet.tags) {
    text += fmt::format(" {} {}", tag.type == type_service_vlan ? "qinq" : "vlan", tag.vlan);
    if (tag.priority != 0) text += fmt::format(" pcp {}", tag.priority);
    if (tag.may_be_dropped) text += " dei";
  }
  if (const auto* arp = std::get_if<ArpPacket>(&frame.network)) return text + describe(*arp);
  if (const auto* ip = std::get_if<IpPacket>(&frame.network)) {
    text += describe(*ip);
  } else if (ethernet.type != type_experimental) {
    text += fmt::format(" type {:#06x}", ethernet.type);
  }
  return frame.data_bytes == 0 ? text : text + fmt::format(" len {}", frame.data_bytes);
}

Result<Bytes> read_frame(std::string_view text) {
  auto bytes = text.contains('>') ? encode(TRY(parse_frame_words(text))) : TRY(parse_hex(text));
  if (bytes.size() > max_told_frame_bytes) {
    return fail("bad frame", fmt::format("the frame has {} bytes; {} at most", bytes.size(), max_told_frame_bytes));
  }
  TRY(decode_frame(bytes));
  return bytes;
}

}  // namespace weft
