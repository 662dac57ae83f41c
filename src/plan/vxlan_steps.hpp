// The part of diff() that is about vxlan devices that Weft makes: what the kernel can change in place, and what not.
#pragma once

#include "model/desired.hpp"
#include "model/observed.hpp"

namespace weft::plan {

// The kernel cannot change the device `link`, which Weft made, into what is wanted (ip-link(8) says which options
// "change" takes); a group would not be joined anew.
bool must_be_remade(const model::VxlanDevice& wanted, const model::Link& link, const model::Observed& observed);
// The device that it is to run over is there, or none is named.
bool has_underlay(const model::VxlanDevice& wanted, const model::Observed& observed);

}  // namespace weft::plan
