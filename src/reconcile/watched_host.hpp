// A host that is not looked at again while nothing happened there: a look costs by the number of its devices, and most
// commits come one by one. What only a look can find (a filter that somebody removed) waits for the next look.
#pragma once

#include <functional>
#include <optional>

#include "reconcile/host.hpp"

namespace weft::reconcile {

class WatchedHost final : public Host {
 public:
  // `take_news`: something changed on the host since the last call. Both outlive this object.
  WatchedHost(Host& host, std::function<bool()> take_news) : host_(host), take_news_(std::move(take_news)) {}

  // News of before the look are covered by it, those of our own steps too.
  Result<model::Observed> observe() override;
  Result<> apply(const plan::Step& step) override;
  // Look again next time.
  void forget() { last_look_.reset(); }

 private:
  Host& host_;
  std::function<bool()> take_news_;
  std::optional<model::Observed> last_look_;
};

}  // namespace weft::reconcile
