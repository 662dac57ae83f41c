// The part of diff() that is about bridges in the datapath's maps.
#pragma once

#include "model/desired.hpp"
#include "model/observed.hpp"
#include "model/scope.hpp"
#include "plan/step.hpp"

namespace weft::plan {

Steps delete_bridges(const model::Desired& desired, const model::Observed& observed, const model::Scope& scope);
Steps create_and_set_bridges(const model::Desired& desired, const model::Observed& observed, const model::Scope& scope);

}  // namespace weft::plan
