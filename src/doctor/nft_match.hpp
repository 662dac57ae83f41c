// The expressions of a rule as nft(8) prints them (libnftables-json(5), "EXPRESSIONS"), compared with a tunnel's
// packet.
#pragma once

#include <map>
#include <string>

#include "base/json.hpp"
#include "doctor/firewall.hpp"

namespace weft::doctor {

class NftMatcher {
 public:
  explicit NftMatcher(TunnelPacket packet) : packet_(std::move(packet)) {}

  // A named set of the rules' table.
  void add_set(const std::string& name, const json::value& elements) { sets_[name] = elements; }

  // Whether the packet satisfies a match statement.
  Applies applies(const json::object& match) const;
  // Whether what `left` names in the packet is `right`, or among it.
  Applies compare(const json::value& left, const json::value& right) const;

  // A rule in words, near to those of nft(8).
  std::string words_of(const json::array& statements) const;

 private:
  TunnelPacket packet_;
  std::map<std::string, json::value> sets_;
};

}  // namespace weft::doctor
