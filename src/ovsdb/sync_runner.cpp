#include "ovsdb/sync_runner.hpp"

#include <boost/asio/post.hpp>

namespace weft::ovsdb {

namespace asio = boost::asio;

void SyncRunner::run(GroupCommit::Sync sync, GroupCommit::Answer done) {
  auto timed = [sync = std::move(sync), clock = clock_, is_fast = is_fast_] {
    const auto begin = clock();
    auto outcome = sync();
    *is_fast = clock() - begin <= longest_sync_in_loop;
    return outcome;
  };
  if (*is_fast_) {
    asio::post(loop_, [timed = std::move(timed), done = std::move(done)] { done(timed()); });
  } else {
    asio::post(thread_, [&loop = loop_, timed = std::move(timed), done = std::move(done)] {
      asio::post(loop, [done, outcome = timed()] { done(outcome); });
    });
  }
}

}  // namespace weft::ovsdb
