// Which internal devices are up, and who set them so. Interface other_config:admin-state in the database always says
// how the device is to be: a client sets it there, or the operator sets the device ("ip link set lu-br0 up") and weftd
// writes it there; whoever was last wins. So a device that must be made again after a reboot comes up as it was.
#pragma once

#include <map>
#include <set>
#include <string>

#include "model/observed.hpp"
#include "plan/step.hpp"

namespace weft::reconcile {

class AdminStates {
 public:
  // A step that we carried out: what it sets is not the operator's doing.
  void note(const plan::Step& applied);
  // What the operator set since the last call, by device. Of a device never seen before: what it is now, since it was
  // set while nobody watched. `devices`: those that changed since then.
  std::map<std::string, bool> take_changes(const model::Observed& observed, const std::set<std::string>& devices);

 private:
  std::map<std::string, bool> expected_;
};

}  // namespace weft::reconcile
