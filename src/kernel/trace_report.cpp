#include "kernel/trace_report.hpp"

#include <fmt/args.h>

#include <array>
#include <set>

#include "kernel/counters.hpp"

namespace weft::kernel {
namespace {

struct Kind {
  std::string_view name;
  std::string_view text;
};
constexpr std::array<Kind, WEFT_DECISION_COUNT> kinds = {{
#define WEFT_DECISION_KIND(name, text) {#name, text},
    WEFT_DECISIONS(WEFT_DECISION_KIND)
#undef WEFT_DECISION_KIND
}};

constexpr std::array<Kind, WEFT_SERVICE_COUNT> services = {{
#define WEFT_SERVICE_KIND(name, text) {#name, text},
    WEFT_SERVICES(WEFT_SERVICE_KIND)
#undef WEFT_SERVICE_KIND
}};
const Kind& service(std::uint32_t number) { return services[number < services.size() ? number : 0]; }

std::string text_of_vlan(std::uint32_t vlan) { return vlan == 0 ? "the untagged VLAN" : fmt::format("VLAN {}", vlan); }

bool is_sent(const weft_decision& decision) {
  return decision.kind == WEFT_DECISION_COPY_TO || decision.kind == WEFT_DECISION_SENT ||
         decision.kind == WEFT_DECISION_SENT_TO_PEER || decision.kind == WEFT_DECISION_PASSED_TUNNEL;
}

std::string expand(const Kind& kind, const weft_decision& decision, std::string_view port, const Frame& frame) {
  fmt::dynamic_format_arg_store<fmt::format_context> values;
  values.push_back(fmt::arg("port", port));
  values.push_back(fmt::arg("value", decision.value));
  values.push_back(fmt::arg("vlan", text_of_vlan(decision.value)));
  values.push_back(fmt::arg("reason", std::string_view(text_of(static_cast<weft_drop>(decision.value)))));
  values.push_back(fmt::arg("service", service(decision.value).text));
  values.push_back(fmt::arg("source", frame.ethernet.source.to_string()));
  values.push_back(fmt::arg("destination", frame.ethernet.destination.to_string()));
  return fmt::vformat(kind.text, values);
}

}  // namespace

std::string word_of(std::string_view enumerator) {
  std::string word(enumerator);
  for (auto& character : word) {
    if (character == '_') character = '-';
    if (character >= 'A' && character <= 'Z') character = static_cast<char>(character - 'A' + 'a');
  }
  return word;
}

json::object report_decisions(std::span<const weft_decision> decisions, const Frame& frame, const TraceNames& names) {
  json::array told;
  json::array sent_to;
  std::set<std::pair<std::uint32_t, std::uint32_t>> refusals;
  for (const auto& decision : decisions) {
    if (decision.kind >= kinds.size()) continue;
    const auto& kind = kinds[decision.kind];
    const bool is_drop = decision.kind == WEFT_DECISION_DROPPED;
    const bool is_refusal = decision.kind == WEFT_DECISION_NOT_BACK || decision.kind == WEFT_DECISION_OTHER_VLAN;
    if (is_refusal && !refusals.emplace(decision.kind, decision.port).second) continue;
    const auto port = is_drop              ? names.device(decision.port)
                      : decision.port != 0 ? names.port(decision.port)
                                           : std::string();
    json::object one{{"decision", word_of(kind.name)}};
    if (!port.empty()) one["port"] = port;
    if (is_drop) {
      one["reason"] = word_of(name_of(static_cast<weft_drop>(decision.value)));
    } else if (decision.kind == WEFT_DECISION_SERVICE) {
      one["service"] = word_of(service(decision.value).name);
    } else {
      const bool is_mtu = decision.kind == WEFT_DECISION_TOO_BIG || decision.kind == WEFT_DECISION_TOLD;
      one[is_mtu ? "mtu" : "vlan"] = decision.value;
    }
    one["text"] = expand(kind, decision, port, frame);
    told.push_back(std::move(one));
    if (is_sent(decision)) sent_to.emplace_back(port);
  }
  return {{"decisions", std::move(told)}, {"sent-to", std::move(sent_to)}};
}

}  // namespace weft::kernel
