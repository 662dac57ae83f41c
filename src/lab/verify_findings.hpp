// What a verification has found, and what it means for each pair. Pure.
#pragma once

#include <array>
#include <map>
#include <string>
#include <vector>

#include "lab/verify_roll.hpp"
#include "prober/endpoint.hpp"

namespace weft::lab {

// From one endpoint to another, one way.
enum class Verdict : std::uint8_t {
  not_asked,  // Nothing could be asked; never a success.
  good,
  late,  // All was answered, some of it only when asked again.
  bad,
};

class Findings {
 public:
  explicit Findings(const Roll& roll) : roll_(&roll), rows_(), found_(roll.endpoints.size()) {}

  void note(const prober::Row& row);
  // Once of each endpoint.
  void note(const prober::Found& found);
  // Frames that came only after they were sent again: they were lost at first.
  void note_late(std::uint32_t from, std::uint32_t to);

  const Roll& roll() const { return *roll_; }
  // None: a guest that could not be asked, or its prober did not answer.
  const std::optional<prober::Found>& found(std::uint32_t endpoint) const { return found_[endpoint]; }
  // Endpoints whose devices have this address, in whatever network, whether it is theirs or not.
  std::vector<std::uint32_t> holders(const IpAddress& address) const;
  std::vector<std::uint32_t> holders(const MacAddress& mac) const;
  // Of what `from` sent to `to`; of frames, whether `to` heard it.
  prober::Outcome outcome(prober::Probe probe, std::uint32_t from, std::uint32_t to) const;
  Verdict verdict(std::uint32_t from, std::uint32_t to) const;

  struct Way {
    std::uint32_t from = 0, to = 0;
    auto operator<=>(const Way&) const = default;
  };
  // Ways within a network that are bad.
  std::vector<Way> failures() const;
  // Frames that came from one network into another.
  std::vector<Way> leaks() const;
  // Endpoints whose broadcasts others of their network have not heard.
  std::vector<std::uint32_t> unheard() const;

  // Pairs of one network, each counted once, by the worse of their two ways; of those that were asked at all.
  struct Count {
    std::size_t pairs = 0, good = 0, late = 0, bad = 0, not_asked = 0;
    std::size_t isolated = 0, leaking = 0;  // Pairs of different networks, of which one at least could be asked.
  };
  Count count() const;

 private:
  const Roll* roll_;
  std::array<std::map<std::uint32_t, std::string>, prober::probes.size()> rows_;
  std::vector<std::optional<prober::Found>> found_;
  std::multimap<IpAddress, std::uint32_t> address_holders_;
  std::multimap<MacAddress, std::uint32_t> mac_holders_;
};

}  // namespace weft::lab
