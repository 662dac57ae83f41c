// What a verification found, for people and for programs. Pure.
#pragma once

#include <string>
#include <vector>

#include "base/json.hpp"
#include "cli/style.hpp"
#include "lab/verify_inquiry.hpp"

namespace weft::lab {

// Networks up to so many endpoints are shown whole; larger ones by host.
inline constexpr std::size_t matrix_endpoints_max = 16;

struct Verified {
  Findings findings;
  std::vector<Trouble> troubles = {};
  std::map<std::string, std::string> not_asked = {};  // By guest: why nothing was asked from within.
  double seconds = 0;

  bool is_good() const { return findings.failures().empty() && findings.leaks().empty(); }
};

std::vector<std::string> show_verified(const Verified& verified, const cli::Style& style);
json::value verified_json(const Verified& verified);

}  // namespace weft::lab
