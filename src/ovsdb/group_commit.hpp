// Group commit: answers to durable transactions wait until their database's storage is on the disk, and one sync serves
// all that were committed before it began. While it runs the others go on. Knows no thread: somebody lends one.
#pragma once

#include <functional>
#include <memory>
#include <vector>

#include "ovsdb/database.hpp"

namespace weft::ovsdb {

// With more answers waiting than this the sync is done at once, and everybody waits for it.
inline constexpr std::size_t max_unsynced_transactions = 10'000;
// So is it where the answers are larger than this.
inline constexpr std::size_t max_unsynced_bytes = 64 << 20;

class GroupCommit {
 public:
  using Sync = std::function<Result<>()>;
  using Answer = std::function<void(const Result<>& outcome)>;
  // Runs `sync`, if it can where it disturbs nobody, and later `done` on the database's own thread.
  using Runner = std::function<void(Sync sync, Answer done)>;

  explicit GroupCommit(Database& database) : state_(std::make_shared<State>(database)) {}
  // Answers all that still wait for their turn, at once.
  ~GroupCommit();
  GroupCommit(GroupCommit&&) = default;

  // `answer` is called once, when all that is committed by now is on the disk, or with the reason why it is not. It may
  // outlive this object, and keeps about `bytes` of memory until then.
  void await(Answer answer, std::size_t bytes, const Runner& run);

 private:
  struct State {
    explicit State(Database& served) : database(served) {}
    Database& database;
    std::vector<Answer> waiting;  // For the next sync.
    std::size_t waiting_bytes = 0;
    bool is_syncing = false;
  };
  void sync_now();
  static void start(const std::shared_ptr<State>& state, const Runner& run);

  std::shared_ptr<State> state_;
};

}  // namespace weft::ovsdb
