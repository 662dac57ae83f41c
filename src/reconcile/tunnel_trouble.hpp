// What keeps a tunnel port from carrying frames although its configuration is right: told in Interface.error until it
// goes away.
#pragma once

#include <string>

#include "model/desired.hpp"
#include "model/observed.hpp"

namespace weft::reconcile {

// `rival`: the device that has the tunnel's VNI; null: none. Empty: nothing is in the way.
std::string tunnel_trouble(const std::string& device, const model::VxlanDevice& wanted, const std::string* rival,
                           const model::Observed& observed);

}  // namespace weft::reconcile
