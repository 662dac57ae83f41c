// The one door to the kernel: see what is there, carry one step out.
// Two implementations: kernel/kernel_host.hpp, and reconcile/fake_host.hpp for tests that need no root.
#pragma once

#include "base/error.hpp"
#include "model/observed.hpp"
#include "model/scope.hpp"
#include "plan/step.hpp"

namespace weft::reconcile {

class Host {
 public:
  virtual ~Host() = default;

  enum class Depth : std::uint8_t {
    news,        // What we did, and what the kernel has told since the last look. Costs by how much that is.
    statistics,  // Also the counters of every device, and what the kernel may have failed to tell, part by part.
    everything,
  };
  // Brings observed() up to date. Returns what of it changed since the last look, as model::difference() has it, or
  // more. The first look looks at everything; so does the next one after an error, and then anything may have changed.
  virtual Result<model::Scope> look(Depth depth) = 0;
  // As of the last look.
  virtual const model::Observed& observed() const = 0;

  // The error says what could not be done with which device, and what to do about it.
  virtual Result<> apply(const plan::Step& step) = 0;
};

}  // namespace weft::reconcile
