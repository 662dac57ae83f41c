// A host in memory, for tests that need no root. As strict as the kernel: a step that cannot be carried out there fails
// here too.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "reconcile/host.hpp"

namespace weft::reconcile {

class FakeHost : public Host {
 public:
  FakeHost() = default;
  explicit FakeHost(model::Observed state) : state_(std::move(state)) {}

  // Finds everything at every look, however deep.
  Result<model::Scope> look(Depth depth) override;
  const model::Observed& observed() const override { return seen_; }
  Result<> apply(const plan::Step& step) override;

  // The operator's side. A device that goes leaves its port behind in the maps, as in the kernel.
  void add_device(const std::string& name, model::Link link = {});
  void remove_device(const std::string& name) { state_.links.erase(name); }
  model::Link& device(const std::string& name) { return state_.links.at(name); }

  void set_flaps(const std::string& device, std::set<model::Flap> flaps) {
    state_.ports.at(this->device(device).port_ifindex()).flaps = std::move(flaps);
  }

  // Every step about it fails with this text until it is cleared.
  void break_subject(const std::string& subject, std::string text) { broken_[subject] = std::move(text); }
  void repair_subject(const std::string& subject) { broken_.erase(subject); }
  // Every step about it succeeds and changes nothing: somebody else undoes it at once.
  void contest_subject(const std::string& subject) { contested_.insert(subject); }
  void break_observation(bool is_broken) { observation_is_broken_ = is_broken; }

  // As it is now, seen or not.
  model::Observed state() const;
  // What was carried out, failed steps not included.
  const plan::Steps& applied() const { return applied_; }
  void forget_applied() { applied_.clear(); }

 private:
  Result<> carry_out(const plan::DetachPort& step);
  Result<> carry_out(const plan::DeleteBridge& step);
  Result<> carry_out(const plan::DeleteDevice& step);
  Result<> carry_out(const plan::CreateDevice& step);
  Result<> carry_out(const plan::SetVxlan& step);
  Result<> carry_out(const plan::SetRemotes& step);
  Result<> carry_out(const plan::CreateBridge& step);
  Result<> carry_out(const plan::SetBridge& step);
  Result<> carry_out(const plan::SetServed& step);
  Result<> carry_out(const plan::AttachPort& step);
  Result<> carry_out(const plan::SetPort& step);
  Result<> carry_out(const plan::SetMtu& step);
  Result<> carry_out(const plan::SetMac& step);
  Result<> carry_out(const plan::SetAdminState& step);
  Result<> carry_out(const plan::AttachUnderlay& step);
  Result<> carry_out(const plan::DetachUnderlay& step);
  Result<> make(const std::string& device, const model::InternalDevice& settings);
  Result<> make(const std::string& device, const model::VxlanDevice& settings);
  Result<> make(const std::string& device, const model::PatchDevice& settings);
  Result<model::Link*> find(const std::string& device);
  Result<model::Link*> find_here(const std::string& device);

  model::Observed state_;
  model::Observed seen_;
  plan::Steps applied_;
  std::map<std::string, std::string> broken_;  // Subject to the text of its error.
  std::set<std::string> contested_;
  bool observation_is_broken_ = false;
};

}  // namespace weft::reconcile
