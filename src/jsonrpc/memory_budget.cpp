#include "jsonrpc/memory_budget.hpp"

#include <algorithm>
#include <utility>

namespace weft::jsonrpc {

void MemoryBudget::add(Holder& holder) {
  holders_.push_back(&holder);
  holder.is_counted_ = true;
}

void MemoryBudget::remove(Holder& holder) {
  if (!std::exchange(holder.is_counted_, false)) return;
  std::erase(holders_, &holder);
  held_bytes_ -= holder.noted_bytes_;
  holder.noted_bytes_ = 0;
}

void MemoryBudget::note(Holder& holder) {
  if (!holder.is_counted_) return;
  refresh(holder);
  if (held_bytes_ <= limit_bytes_) return;
  // Some may have less by now than when they were noted.
  for (auto* each : holders_) refresh(*each);
  while (held_bytes_ > limit_bytes_) throw_out_largest();
}

void MemoryBudget::refresh(Holder& holder) {
  held_bytes_ -= holder.noted_bytes_;
  holder.noted_bytes_ = holder.held_bytes();
  held_bytes_ += holder.noted_bytes_;
}

void MemoryBudget::throw_out_largest() {
  auto& largest = **std::ranges::max_element(holders_, {}, [](const Holder* holder) { return holder->noted_bytes_; });
  const auto all = held_bytes_;
  remove(largest);  // It counts no more, though what it holds may go a moment later.
  largest.throw_out(all);
}

}  // namespace weft::jsonrpc
