// OpenFlow port numbers of one bridge's ports: stable as long as a port lives, as ovs-vswitchd.conf.db(5) says of
// Interface "ofport" and "ofport_request".
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "base/uuid.hpp"

namespace weft::reconcile {

inline constexpr std::uint16_t greatest_ofport = 65279;  // OpenFlow 1.0 reserves the numbers above.

struct OfportClaim {
  std::string name = {};                       // Of the interface: of several newcomers the first one is served first.
  std::optional<std::int64_t> present = {};    // The number it had elsewhere; may be out of range: then it had none.
  std::optional<std::int64_t> requested = {};  // Granted if no other port has it.
};

// A port keeps the number it has, unless it asks for another that is free; whoever has none gets the lowest free one.
// A request that was in vain is granted when the number becomes free.
class Ofports {
 public:
  // What interfaces claim now; none: it has left. Returns whose number is another now, those that left aside.
  std::set<Uuid> update(const std::map<Uuid, std::optional<OfportClaim>>& changes);
  // 0: it has none; all are in use, or it is not a port of this bridge.
  std::uint16_t number_of(const Uuid& interface) const;
  bool empty() const { return holders_.empty(); }

 private:
  struct Holder {
    OfportClaim claim;
    std::uint16_t number = 0;
  };
  void serve(std::vector<Holder*>& open);
  bool is_taken(std::size_t number) const { return number < is_taken_.size() && is_taken_[number]; }
  void try_give(Holder& holder, std::optional<std::int64_t> number);
  void give_lowest(Holder& holder);
  void take_back(Holder& holder);

  std::map<Uuid, Holder> holders_;
  std::set<Uuid> unsatisfied_;     // Who has no number, or not the requested one.
  std::vector<bool> is_taken_;     // By number, as far as numbers were given.
  std::uint32_t lowest_free_ = 1;  // Every number below is taken.
};

}  // namespace weft::reconcile
