// What all the peers of one server may make it hold, together: messages that have begun or wait, and what they leave
// unread. Beyond the limit whoever holds most is thrown out, so that many peers cannot do what one may not.
#pragma once

#include <cstddef>
#include <vector>

namespace weft::jsonrpc {

class MemoryBudget {
 public:
  class Holder {
   public:
    virtual ~Holder() = default;
    virtual std::size_t held_bytes() const = 0;
    // Lets go of what it holds, soon. Called from within noted(), of whichever holder.
    virtual void throw_out(std::size_t all_held_bytes) = 0;

   private:
    friend MemoryBudget;
    std::size_t noted_bytes_ = 0;
    bool is_counted_ = false;
  };

  explicit MemoryBudget(std::size_t limit_bytes) : limit_bytes_(limit_bytes) {}

  void add(Holder& holder);
  // It need not be there: who was thrown out is not.
  void remove(Holder& holder);
  // What the holder has may have changed. Throws out until the rest is within the limit. Nothing for who is not there.
  void note(Holder& holder);
  std::size_t held_bytes() const { return held_bytes_; }  // As noted.

 private:
  void refresh(Holder& holder);
  void throw_out_largest();

  std::size_t limit_bytes_;
  std::size_t held_bytes_ = 0;
  std::vector<Holder*> holders_;
};

}  // namespace weft::jsonrpc
