// The lines between a prober and the program that leads it: JSON objects, one a line. Each command is answered by any
// number of reports, of which the last is Done or Failure. Pure.
#pragma once

#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/error.hpp"
#include "prober/endpoint.hpp"
#include "prober/test_frame.hpp"

namespace weft::prober {

// --- commands -------------------------------------------------------------------------------------------------------

// The first command: opens sockets in the endpoints that are here. Reports a Found for each.
struct Open {
  RunId run = 0;
  bool adds_neighbours = false;  // Permanent entries for the others, where the kernel's table would not hold them.
  Endpoints endpoints = {};
  bool operator==(const Open&) const = default;
};
// Where each endpoint of the lab takes connections, as its own prober said.
struct Ports {
  std::vector<std::uint16_t> tcp4 = {}, tcp6 = {};
  bool operator==(const Ports&) const = default;
};
// Lets those of `from` that are here broadcast a test frame, and send one to each of its strangers.
struct Broadcast {
  std::vector<std::uint32_t> from = {};
  bool operator==(const Broadcast&) const = default;
};
// Reports Rows of Probe::flood and Probe::stranger: what was heard since Open.
struct TellHeard {
  bool operator==(const TellHeard&) const = default;
};
// Asks by one probe, all at once. Reports a Row for each endpoint here.
struct Ask {
  Probe probe = Probe::small4;
  bool operator==(const Ask&) const = default;
};
// Listens on an underlay device for the tunnel's packets with test frames, from now on.
struct Capture {
  std::string device = {};
  std::uint16_t udp_port = 4789;
  bool operator==(const Capture&) const = default;
};
// Sends one test frame of that size, to one endpoint or to everybody.
struct SendFrame {
  std::uint32_t from = 0, to = everybody;
  std::uint32_t frame_bytes = 60;
  bool operator==(const SendFrame&) const = default;
};
// Reports each Captured since Capture.
struct TellCaptured {
  bool operator==(const TellCaptured&) const = default;
};
// Leaves the endpoints as they were found. The end of the input does the same.
struct Close {
  bool operator==(const Close&) const = default;
};
using Command = std::variant<Open, Ports, Broadcast, TellHeard, Ask, Capture, SendFrame, TellCaptured, Close>;

std::string to_line(const Command& command);
// Errors "bad command": what is wrong with it.
Result<Command> parse_command(std::string_view line);

// --- reports --------------------------------------------------------------------------------------------------------

struct Done {
  bool operator==(const Done&) const = default;
};
struct Failure {
  std::string text = {};
  bool operator==(const Failure&) const = default;
};
using Report = std::variant<Found, Row, Captured, Done, Failure>;

std::string to_line(const Report& report);
// Errors "bad report". `endpoint_count`: numbers of endpoints are below it, and rows as long.
Result<Report> parse_report(std::string_view line, std::size_t endpoint_count);

}  // namespace weft::prober
