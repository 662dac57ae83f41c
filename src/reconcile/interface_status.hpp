// What weftd reports of one interface in the database: ovs-vswitchd.conf.db(5), Interface, "Status", as values.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include "model/observed.hpp"
#include "reconcile/desired.hpp"

namespace weft::reconcile {

struct InterfaceStatus {
  std::int64_t ofport = -1;  // -1: it is not a port now, and `error` says why.
  std::optional<std::string> error = {};
  std::optional<std::int64_t> ifindex = {};
  std::optional<std::string> mac_in_use = {};
  std::optional<std::int64_t> mtu = {};
  std::optional<std::string> admin_state = {};  // "up" or "down", as link_state
  std::optional<std::string> link_state = {};
  std::optional<std::int64_t> link_speed = {};   // In bits per second.
  std::optional<std::string> duplex = {};        // "full" or "half"
  std::optional<std::int64_t> link_resets = {};  // How often link_state was seen to change.
  std::map<std::string, std::int64_t> statistics = {};
  std::map<std::string, std::string> status = {};
};

// What went wrong in the last pass: by device or bridge (plan::subject_of), in words for people.
using StepErrors = std::map<std::string, std::string>;

// `trouble`: what keeps the device from working although nothing failed; empty: nothing.
InterfaceStatus status_of(const WantedInterface& interface, const model::Observed& observed, const StepErrors& errors,
                          std::int64_t link_resets, const std::string& trouble = {});

}  // namespace weft::reconcile
