#include "ovsdb/group_commit.hpp"

#include <utility>

#include "base/coverage.hpp"

namespace weft::ovsdb {
namespace {

EventCounter synced("ovsdb_sync");  // Of a group of durable transactions.

void answer_all(const std::vector<GroupCommit::Answer>& answers, const Result<>& outcome) {
  for (const auto& answer : answers) answer(outcome);
}

}  // namespace

GroupCommit::~GroupCommit() {
  if (state_ && !state_->waiting.empty()) sync_now();
}

void GroupCommit::sync_now() {
  synced.count();
  const auto sync = state_->database.sync_task();
  const auto outcome = sync ? sync() : Result<>();
  if (!outcome) state_->database.distrust_disk();
  state_->waiting_bytes = 0;
  answer_all(std::exchange(state_->waiting, {}), outcome);
}

void GroupCommit::await(Answer answer, std::size_t bytes, const Runner& run) {
  state_->waiting.push_back(std::move(answer));
  state_->waiting_bytes += bytes;
  if (!state_->is_syncing) {
    start(state_, run);
  } else if (state_->waiting.size() > max_unsynced_transactions || state_->waiting_bytes > max_unsynced_bytes) {
    sync_now();
  }
}

void GroupCommit::start(const std::shared_ptr<State>& state, const Runner& run) {
  state->is_syncing = true;
  state->waiting_bytes = 0;
  synced.count();
  auto sync = state->database.sync_task();
  if (!sync) sync = [] { return Result<>(); };
  run(std::move(sync),
      [weak = std::weak_ptr(state), answers = std::exchange(state->waiting, {}), run](const Result<>& outcome) {
        // The database may be served no more; its clients get their answers all the same.
        const auto still_served = weak.lock();
        if (still_served) still_served->is_syncing = false;
        if (still_served && !outcome) still_served->database.distrust_disk();
        answer_all(answers, outcome);
        if (still_served && !still_served->is_syncing && !still_served->waiting.empty()) start(still_served, run);
      });
}

}  // namespace weft::ovsdb
