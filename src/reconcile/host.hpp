// The one door to the kernel: see what is there, carry one step out.
// Two implementations: kernel/kernel_host.hpp, and reconcile/fake_host.hpp for tests that need no root.
#pragma once

#include "base/error.hpp"
#include "model/observed.hpp"
#include "plan/step.hpp"

namespace weft::reconcile {

class Host {
 public:
  virtual ~Host() = default;
  virtual Result<model::Observed> observe() = 0;
  // The error says what could not be done with which device, and what to do about it.
  virtual Result<> apply(const plan::Step& step) = 0;
};

}  // namespace weft::reconcile
