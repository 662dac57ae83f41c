// What a verification found, for programs: every pair, each way by itself.
#include "lab/verify_report.hpp"

namespace weft::lab {
namespace {

using prober::Outcome;

std::string_view word_for(Outcome outcome) {
  switch (outcome) {
    case Outcome::not_asked:
      return "not asked";
    case Outcome::answered:
      return "answered";
    case Outcome::answered_late:
      return "answered late";
    case Outcome::silence:
      return "no answer";
    case Outcome::too_large:
      return "too large";
    case Outcome::unreachable:
      return "unreachable";
    case Outcome::refused:
      return "refused";
    case Outcome::mistaken:
      return "answered by another";
  }
  return "";
}

std::string_view word_for(Verdict verdict) {
  switch (verdict) {
    case Verdict::not_asked:
      return "not asked";
    case Verdict::good:
      return "good";
    case Verdict::late:
      return "late";
    case Verdict::bad:
      return "bad";
  }
  return "";
}

json::object way_json(const Findings& findings, std::uint32_t from, std::uint32_t to) {
  const auto& roll = findings.roll();
  json::object probes;
  for (const auto probe : prober::probes) {
    const auto outcome = findings.outcome(probe, from, to);
    if (outcome != Outcome::not_asked && probe != prober::Probe::stranger) probes[name_of(probe)] = word_for(outcome);
  }
  return {{"from", roll.name(from)},
          {"to", roll.name(to)},
          {"network", roll.network(from).name},
          {"verdict", word_for(findings.verdict(from, to))},
          {"probes", std::move(probes)}};
}

json::array ways_json(const Findings& findings) {
  json::array ways;
  const auto& endpoints = findings.roll().endpoints;
  for (std::uint32_t from = 0; from < endpoints.size(); ++from) {
    for (std::uint32_t to = 0; to < endpoints.size(); ++to) {
      if (from != to && endpoints[from].network == endpoints[to].network)
        ways.emplace_back(way_json(findings, from, to));
    }
  }
  return ways;
}

json::array names_json(const Roll& roll, const std::vector<Findings::Way>& ways) {
  json::array names;
  for (const auto way : ways) names.push_back({roll.name(way.from), roll.name(way.to)});
  return names;
}

}  // namespace

json::value verified_json(const Verified& verified) {
  const auto& findings = verified.findings;
  const auto& roll = findings.roll();
  json::array troubles, endpoints;
  for (const auto& trouble : verified.troubles) {
    troubles.push_back(json::object{{"reason", trouble.reason.text},
                                    {"where", trouble.reason.where},
                                    {"cure", trouble.reason.cure},
                                    {"ways", names_json(roll, trouble.ways)}});
  }
  for (std::uint32_t i = 0; i < roll.endpoints.size(); ++i) {
    json::object endpoint{{"name", roll.name(i)}, {"host", roll.host(i)}, {"network", roll.network(i).name}};
    if (const auto why = verified.not_asked.find(roll.name(i)); why != verified.not_asked.end()) {
      endpoint["not_asked"] = why->second;
    }
    endpoints.emplace_back(std::move(endpoint));
  }
  const auto count = findings.count();
  return json::object{{"lab", roll.lab->name},
                      {"good", verified.is_good()},
                      {"seconds", verified.seconds},
                      {"pairs", json::object{{"all", count.pairs},
                                             {"good", count.good},
                                             {"late", count.late},
                                             {"bad", count.bad},
                                             {"not_asked", count.not_asked}}},
                      {"isolation", json::object{{"isolated", count.isolated},
                                                 {"leaking", count.leaking},
                                                 {"leaks", names_json(roll, findings.leaks())}}},
                      {"endpoints", std::move(endpoints)},
                      {"ways", ways_json(findings)},
                      {"troubles", std::move(troubles)}};
}

}  // namespace weft::lab
