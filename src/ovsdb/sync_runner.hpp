// Where syncs of databases run (see group_commit.hpp). A disk that is fast is waited for in the loop: to hand the work
// to a thread and its outcome back takes about as long. A slow one is left to a thread, and clients are served
// meanwhile.
#pragma once

#include <atomic>
#include <boost/asio/io_context.hpp>
#include <boost/asio/thread_pool.hpp>
#include <chrono>
#include <memory>

#include "ovsdb/group_commit.hpp"

namespace weft::ovsdb {

// So long at most, or about so long, a sync of one client may keep the others waiting.
inline constexpr std::chrono::milliseconds longest_sync_in_loop{2};

class SyncRunner {
 public:
  using Clock = std::function<std::chrono::steady_clock::time_point()>;

  explicit SyncRunner(boost::asio::io_context& loop, Clock clock = std::chrono::steady_clock::now)
      : loop_(loop), clock_(std::move(clock)) {}

  // Calls `done` later, from the loop; the loop may outlive this object.
  void run(GroupCommit::Sync sync, GroupCommit::Answer done);

 private:
  boost::asio::io_context& loop_;
  Clock clock_;
  // What the last sync said of the disk. Of the first one nobody knows how long it will take.
  std::shared_ptr<std::atomic<bool>> is_fast_ = std::make_shared<std::atomic<bool>>(false);
  boost::asio::thread_pool thread_{1};
};

}  // namespace weft::ovsdb
