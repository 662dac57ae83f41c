// What is remembered of an interface's device from look to look.
#pragma once

#include <cstdint>

#include "model/observed.hpp"

namespace weft::reconcile {

struct LinkHistory {
  bool carrier = false;
  std::int64_t resets = 0;                        // How often the carrier was seen to come or go.
  model::LinkStatistics written_statistics = {};  // As the database has them.

  void see(const model::Link& link) {
    resets += link.carrier != carrier ? 1 : 0;
    carrier = link.carrier;
  }
};

}  // namespace weft::reconcile
