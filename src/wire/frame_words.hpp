// A frame in words, as people write it on a command line and read it in an answer:
//
//   FRAME    MAC > MAC|broadcast [TAG]... [CONTENT] [len BYTES]
//   TAG      vlan|qinq ID [pcp 0-7] [dei]
//   CONTENT  arp who-has IP tell IP | arp IP is-at MAC | type NUMBER
//            ip IP > IP [ttl N] [tos N] [df] [proto N | TRANSPORT]
//   TRANSPORT  udp PORT > PORT | tcp PORT > PORT [syn|ack|fin|rst|psh|urg]...
//              icmp echo-request|echo-reply | icmp TYPE [code N]
//
// "ipv4" and "ipv6" may be said for "ip", "icmp6" for "icmp". len is the data behind the innermost header.
#pragma once

#include <string>
#include <string_view>

#include "wire/frame.hpp"

namespace weft {

// The largest frame that can be told in words or as hex.
inline constexpr std::size_t max_told_frame_bytes = 65536;

// Error "bad frame": which word, what was expected there, and the line with the word marked.
Result<Frame> parse_frame_words(std::string_view text);

// parse_frame_words() of it is the same frame, as far as words can tell.
std::string to_words(const Frame& frame);

// The bytes of a frame that is told in words (somewhere a ">" stands by itself) or as hex digits, with or without
// spaces, colons and a leading 0x.
Result<Bytes> read_frame(std::string_view text);

}  // namespace weft
