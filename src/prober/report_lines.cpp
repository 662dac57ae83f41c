// The reports of the protocol as lines.
#include "prober/line_fields.hpp"
#include "prober/protocol.hpp"

namespace weft::prober {
namespace {

json::object fields_of(const Found& found) {
  json::array addresses;
  for (const auto& address : found.addresses) addresses.emplace_back(address.to_string());
  return {{"is", "found"},           {"endpoint", found.endpoint},       {"trouble", found.trouble},
          {"device", found.device},  {"mac", found.mac.to_string()},     {"mtu", found.mtu_bytes},
          {"is_up", found.is_up},    {"has_carrier", found.has_carrier}, {"addresses", std::move(addresses)},
          {"tcp4", found.tcp_port4}, {"tcp6", found.tcp_port6}};
}
json::object fields_of(const Row& row) {
  return {{"is", "row"}, {"probe", name_of(row.probe)}, {"endpoint", row.endpoint}, {"outcomes", row.outcomes}};
}
json::object fields_of(const Captured& captured) {
  return {{"is", "captured"},
          {"is_outgoing", captured.is_outgoing},
          {"source", captured.source.to_string()},
          {"destination", captured.destination.to_string()},
          {"vni", captured.vni},
          {"from", captured.from},
          {"to", captured.to},
          {"bytes", captured.bytes}};
}
json::object fields_of(const Done&) { return {{"is", "done"}}; }
json::object fields_of(const Failure& failure) { return {{"is", "failure"}, {"text", failure.text}}; }

Report read_found(LineFields& in, std::size_t endpoint_count) {
  return Found{.endpoint = in.number<std::uint32_t>("endpoint", endpoint_count - 1),
               .trouble = in.text("trouble"),
               .device = in.text("device"),
               .mac = in.mac("mac"),
               .mtu_bytes = in.number<std::uint32_t>("mtu"),
               .is_up = in.flag("is_up"),
               .has_carrier = in.flag("has_carrier"),
               .addresses = in.interface_addresses("addresses"),
               .tcp_port4 = in.number<std::uint16_t>("tcp4"),
               .tcp_port6 = in.number<std::uint16_t>("tcp6")};
}

Report read_row(LineFields& in, std::size_t endpoint_count) {
  const auto probe = probe_named(in.text("probe"));
  if (!probe) in.complain("probe", "probe");
  Row row{.probe = probe.value_or(Probe::small4),
          .endpoint = in.number<std::uint32_t>("endpoint", endpoint_count - 1),
          .outcomes = in.text("outcomes")};
  const bool is_known = row.outcomes.find_first_not_of(outcome_letters) == std::string::npos;
  if (!is_known || row.outcomes.size() != endpoint_count) in.complain("outcomes", "letter for each endpoint");
  return row;
}

Report read_captured(LineFields& in) {
  return Captured{.is_outgoing = in.flag("is_outgoing"),
                  .source = in.address("source"),
                  .destination = in.address("destination"),
                  .vni = in.number<std::uint32_t>("vni"),
                  .from = in.number<std::uint32_t>("from"),
                  .to = in.number<std::uint32_t>("to"),
                  .bytes = in.number<std::uint32_t>("bytes")};
}

Report read(std::string_view kind, LineFields& in, std::size_t endpoint_count) {
  if (kind == "found") return read_found(in, endpoint_count);
  if (kind == "row") return read_row(in, endpoint_count);
  if (kind == "captured") return read_captured(in);
  if (kind == "failure") return Failure{in.text("text")};
  if (kind != "done") in.complain("is", "report");
  return Done{};
}

}  // namespace

std::string to_line(const Report& report) {
  return std::visit([](const auto& chosen) { return to_text(fields_of(chosen)); }, report);
}

Result<Report> parse_report(std::string_view line, std::size_t endpoint_count) {
  const auto value = TRY(parse_json(line));
  if (!value.is_object()) return fail("bad report", "a report is a JSON object");
  LineFields in(value.get_object());
  if (endpoint_count == 0) return fail("bad report", "there is no endpoint to report of");
  auto report = read(in.text("is"), in, endpoint_count);
  if (!in.complaint().empty()) return fail("bad report", in.complaint());
  return report;
}

}  // namespace weft::prober
