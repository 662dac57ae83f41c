// The commands of the protocol as lines. A table says which there are; each has a function that writes its fields and
// one that reads them.
#include <array>

#include "prober/line_fields.hpp"
#include "prober/protocol.hpp"

namespace weft::prober {
namespace {

constexpr std::uint32_t mtu_bytes_max = 65535;

json::object endpoint_fields(const Endpoint& endpoint) {
  json::object fields{{"name", endpoint.name},      {"network", endpoint.network}, {"mac", endpoint.mac.to_string()},
                      {"mtu", endpoint.mtu_bytes},  {"netns", endpoint.netns},     {"is_guest", endpoint.is_guest},
                      {"tcp4", endpoint.tcp_port4}, {"tcp6", endpoint.tcp_port6}};
  if (endpoint.address4) fields["address4"] = endpoint.address4->to_string();
  if (endpoint.address6) fields["address6"] = endpoint.address6->to_string();
  return fields;
}

Endpoint read_endpoint(LineFields& in) {
  Endpoint endpoint{.name = in.text("name"),
                    .network = in.number<std::uint32_t>("network"),
                    .mac = in.mac("mac"),
                    .address4 = in.optional_address("address4"),
                    .address6 = in.optional_address("address6"),
                    .mtu_bytes = in.number<std::uint32_t>("mtu", mtu_bytes_max),
                    .netns = in.text("netns"),
                    .is_guest = in.flag("is_guest"),
                    .tcp_port4 = in.number<std::uint16_t>("tcp4"),
                    .tcp_port6 = in.number<std::uint16_t>("tcp6")};
  if (endpoint.address4 && !endpoint.address4->is_v4()) in.complain("address4", "IPv4 address");
  if (endpoint.address6 && endpoint.address6->is_v4()) in.complain("address6", "IPv6 address");
  return endpoint;
}

// --- writing --------------------------------------------------------------------------------------------------------

json::object fields_of(const Open& open) {
  json::array endpoints;
  for (const auto& endpoint : open.endpoints) endpoints.emplace_back(endpoint_fields(endpoint));
  return {{"do", "open"},
          {"run", open.run},
          {"adds_neighbours", open.adds_neighbours},
          {"endpoints", std::move(endpoints)}};
}
json::object fields_of(const Ports& ports) {
  return {{"do", "ports"}, {"tcp4", json::value_from(ports.tcp4)}, {"tcp6", json::value_from(ports.tcp6)}};
}
json::object fields_of(const Broadcast& broadcast) {
  return {{"do", "broadcast"}, {"from", json::value_from(broadcast.from)}};
}
json::object fields_of(const TellHeard&) { return {{"do", "tell-heard"}}; }
json::object fields_of(const Ask& ask) { return {{"do", "ask"}, {"probe", name_of(ask.probe)}}; }
json::object fields_of(const Capture& capture) {
  return {{"do", "capture"}, {"device", capture.device}, {"udp_port", capture.udp_port}};
}
json::object fields_of(const SendFrame& send) {
  return {{"do", "send"}, {"from", send.from}, {"to", send.to}, {"bytes", send.frame_bytes}};
}
json::object fields_of(const TellCaptured&) { return {{"do", "tell-captured"}}; }
json::object fields_of(const Close&) { return {{"do", "close"}}; }

// --- reading --------------------------------------------------------------------------------------------------------

Command read_open(const json::object& object, LineFields& in) {
  Open open{.run = in.number<RunId>("run"), .adds_neighbours = in.flag("adds_neighbours")};
  const auto* list = object.if_contains("endpoints");
  if (list == nullptr || !list->is_array() || list->get_array().size() > endpoints_max) {
    in.complain("endpoints", fmt::format("list of at most {}", endpoints_max));
    return open;
  }
  for (const auto& element : list->get_array()) {
    if (!element.is_object()) return in.complain("endpoints", "list of objects"), open;
    LineFields fields(element.get_object());
    open.endpoints.push_back(read_endpoint(fields));
    if (!fields.complaint().empty()) in.complain("endpoints", "right list: in one of them " + fields.complaint());
  }
  return open;
}
Command read_ports(const json::object&, LineFields& in) {
  return Ports{in.numbers<std::uint16_t>("tcp4"), in.numbers<std::uint16_t>("tcp6")};
}
Command read_broadcast(const json::object&, LineFields& in) {
  return Broadcast{in.numbers<std::uint32_t>("from", endpoints_max)};
}
Command read_ask(const json::object&, LineFields& in) {
  const auto probe = probe_named(in.text("probe"));
  if (!probe || *probe == Probe::flood || *probe == Probe::stranger) in.complain("probe", "probe that is asked");
  return Ask{probe.value_or(Probe::small4)};
}
Command read_capture(const json::object&, LineFields& in) {
  return Capture{in.text("device"), in.number<std::uint16_t>("udp_port")};
}
Command read_send(const json::object&, LineFields& in) {
  return SendFrame{in.number<std::uint32_t>("from", endpoints_max), in.number<std::uint32_t>("to"),
                   in.number<std::uint32_t>("bytes", mtu_bytes_max)};
}

struct Reading {
  std::string_view name;
  Command (*read)(const json::object&, LineFields&);
};
constexpr std::array readings{
    Reading{"open", read_open},
    Reading{"ports", read_ports},
    Reading{"broadcast", read_broadcast},
    Reading{"tell-heard", [](const json::object&, LineFields&) { return Command(TellHeard{}); }},
    Reading{"ask", read_ask},
    Reading{"capture", read_capture},
    Reading{"send", read_send},
    Reading{"tell-captured", [](const json::object&, LineFields&) { return Command(TellCaptured{}); }},
    Reading{"close", [](const json::object&, LineFields&) { return Command(Close{}); }},
};

}  // namespace

std::string to_line(const Command& command) {
  return std::visit([](const auto& chosen) { return to_text(fields_of(chosen)); }, command);
}

Result<Command> parse_command(std::string_view line) {
  const auto value = TRY(parse_json(line));
  if (!value.is_object()) return fail("bad command", "a command is a JSON object");
  LineFields in(value.get_object());
  const auto name = in.text("do");
  for (const auto& reading : readings) {
    if (reading.name != name) continue;
    auto command = reading.read(value.get_object(), in);
    if (!in.complaint().empty()) return fail("bad command", fmt::format("{}: {}", name, in.complaint()));
    return command;
  }
  return fail("bad command", fmt::format("no command \"{}\"", name));
}

}  // namespace weft::prober
