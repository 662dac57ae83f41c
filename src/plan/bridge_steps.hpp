// The part of diff() that is about bridges in the datapath's maps.
#pragma once

#include "model/desired.hpp"
#include "model/observed.hpp"
#include "model/scope.hpp"
#include "plan/step.hpp"

namespace weft::plan {

Steps delete_bridges(const model::Desired& desired, const model::Observed& observed, const model::Scope& scope);
Steps create_and_set_bridges(const model::Desired& desired, const model::Observed& observed, const model::Scope& scope);
// Of bridges that are there, or that create_and_set_bridges() makes. Before ports are attached: no answer of a stranger
// comes in meanwhile.
Steps set_served(const model::Desired& desired, const model::Observed& observed, const model::Scope& scope);

}  // namespace weft::plan
