#include "reconcile/watched_host.hpp"

namespace weft::reconcile {

Result<model::Observed> WatchedHost::observe() {
  if (take_news_()) forget();
  if (!last_look_) last_look_ = TRY(host_.observe());
  return *last_look_;
}

Result<> WatchedHost::apply(const plan::Step& step) {
  forget();
  return host_.apply(step);
}

}  // namespace weft::reconcile
