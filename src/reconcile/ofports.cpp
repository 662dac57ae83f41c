#include "reconcile/ofports.hpp"

#include <set>

namespace weft::reconcile {
namespace {

class Allocation {
 public:
  bool has(const Uuid& interface) const { return given_.contains(interface); }

  void try_give(const Uuid& interface, std::optional<std::int64_t> number) {
    if (has(interface) || !number || *number < 1 || *number > greatest_ofport) return;
    const auto ofport = static_cast<std::uint16_t>(*number);
    if (taken_.insert(ofport).second) given_[interface] = ofport;
  }
  void give_lowest(const Uuid& interface) {
    while (lowest_ <= greatest_ofport && taken_.contains(static_cast<std::uint16_t>(lowest_))) ++lowest_;
    try_give(interface, lowest_);
  }
  std::map<Uuid, std::uint16_t> result() && { return std::move(given_); }

 private:
  std::set<std::uint16_t> taken_;
  std::map<Uuid, std::uint16_t> given_;
  std::int64_t lowest_ = 1;  // Every number below is taken.
};

}  // namespace

std::map<Uuid, std::uint16_t> allocate_ofports(const std::vector<OfportClaim>& claims) {
  Allocation allocation;
  for (const auto& claim : claims) {
    const bool wants_to_stay = !claim.requested || claim.requested == claim.present;
    if (wants_to_stay) allocation.try_give(claim.interface, claim.present);
  }
  for (const auto& claim : claims) allocation.try_give(claim.interface, claim.requested);
  for (const auto& claim : claims) allocation.try_give(claim.interface, claim.present);
  for (const auto& claim : claims) {
    if (!allocation.has(claim.interface)) allocation.give_lowest(claim.interface);
  }
  return std::move(allocation).result();
}

}  // namespace weft::reconcile
