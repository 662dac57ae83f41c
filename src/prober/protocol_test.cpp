#include "prober/protocol.hpp"

#include <gtest/gtest.h>

namespace weft::prober {
namespace {

Endpoint endpoint() {
  return {.name = "c1",
          .network = 3,
          .mac = *MacAddress::parse("02:00:00:00:00:01"),
          .address4 = IpAddress::parse("10.0.0.1"),
          .mtu_bytes = 1450,
          .netns = "/run/netns/c1",
          .tcp_port4 = 4000};
}

std::string complaint_of(std::string_view line) {
  const auto parsed = parse_command(line);
  return parsed ? "" : parsed.error().details;
}

TEST(Protocol, gives_back_every_command) {
  for (const Command& command :
       {Command(Open{.run = ~RunId{0}, .adds_neighbours = true, .endpoints = {endpoint(), Endpoint{.is_guest = true}}}),
        Command(Ports{{1, 2}, {0, 65535}}), Command(Broadcast{{0, 7}}), Command(TellHeard{}),
        Command(Ask{Probe::full6}), Command(Capture{"eth0", 8472}), Command(SendFrame{1, everybody, 1464}),
        Command(TellCaptured{}), Command(Close{})}) {
    const auto line = to_line(command);
    const auto parsed = parse_command(line);
    ASSERT_TRUE(parsed) << line << parsed.error().details;
    EXPECT_TRUE(*parsed == command) << line;
  }
}

TEST(Protocol, gives_back_every_report) {
  for (const Report& report :
       {Report(
            Found{.endpoint = 1,
                  .device = "eth0",
                  .mtu_bytes = 1450,
                  .is_up = true,
                  .addresses = {{IpAddress::parse("10.0.0.1").value(), 24}, {IpAddress::parse("fe80::1").value(), 64}},
                  .tcp_port6 = 9}),
        Report(Row{Probe::tcp6, 2, " +-"}),
        Report(Captured{.source = *IpAddress::parse("fd00::1"), .vni = 100, .to = everybody, .bytes = 96}),
        Report(Done{}), Report(Failure{"no such device"})}) {
    const auto line = to_line(report);
    const auto parsed = parse_report(line, 3);
    ASSERT_TRUE(parsed) << line << parsed.error().details;
    EXPECT_TRUE(*parsed == report) << line;
  }
}

TEST(Protocol, says_what_is_wrong_with_a_command) {
  EXPECT_EQ(complaint_of("{\"do\":\"dance\"}"), "no command \"dance\"");
  EXPECT_EQ(complaint_of("[]"), "a command is a JSON object");
  EXPECT_EQ(complaint_of("{\"do\":\"ask\",\"probe\":\"flood\"}"), "ask: \"probe\" is no probe that is asked");
  EXPECT_EQ(complaint_of("{\"do\":\"ports\",\"tcp4\":[65536],\"tcp6\":[]}"),
            "ports: \"tcp4\" is no list of numbers up to 65535");
}

TEST(Protocol, takes_no_row_of_another_length_or_with_unknown_letters) {
  EXPECT_FALSE(parse_report(to_line(Report(Row{Probe::tcp4, 0, "++"})), 3));
  EXPECT_FALSE(parse_report(to_line(Report(Row{Probe::tcp4, 0, "+?+"})), 3));
  EXPECT_FALSE(parse_report(to_line(Report(Row{Probe::tcp4, 3, "+++"})), 3));
}

TEST(Protocol, takes_no_more_endpoints_than_there_may_be) {
  EXPECT_TRUE(parse_command(to_line(Command(Open{.endpoints = Endpoints(endpoints_max)}))));
  EXPECT_FALSE(parse_command(to_line(Command(Open{.endpoints = Endpoints(endpoints_max + 1)}))));
}

}  // namespace
}  // namespace weft::prober
