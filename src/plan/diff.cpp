#include "plan/diff.hpp"

#include "plan/bridge_steps.hpp"
#include "plan/device_steps.hpp"
#include "plan/port_steps.hpp"

namespace weft::plan {
namespace {

void append(Steps& steps, Steps more) {
  steps.insert(steps.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
}

}  // namespace

Steps diff(const model::Desired& desired, const model::Observed& observed) {
  Steps steps;
  append(steps, detach_ports(desired, observed));
  append(steps, delete_bridges(desired, observed));
  append(steps, delete_internals(desired, observed));
  append(steps, create_internals(desired, observed));
  append(steps, create_and_set_bridges(desired, observed));
  append(steps, set_devices(desired, observed));
  append(steps, attach_and_set_ports(desired, observed));
  append(steps, set_admin_states(desired, observed));
  return steps;
}

}  // namespace weft::plan
