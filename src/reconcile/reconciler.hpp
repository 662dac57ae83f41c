// The loop that keeps the kernel as the database says, and the database informed. It only decides and orders: what is
// desired comes from desired.hpp, the steps from plan/, the kernel is behind Host. For one thread.
#pragma once

#include <chrono>
#include <functional>
#include <map>

#include "ovsdb/database.hpp"
#include "plan/step.hpp"
#include "reconcile/admin_states.hpp"
#include "reconcile/columns.hpp"
#include "reconcile/configuration.hpp"
#include "reconcile/host.hpp"
#include "reconcile/identity.hpp"
#include "reconcile/interface_status.hpp"

namespace weft::reconcile {

// Steps, look again, steps: how often in one pass. A new device can need it (its MTU is known only then); whoever needs
// more waits for the next pass.
inline constexpr int max_rounds = 4;
// other_config:stats-update-interval of Open_vSwitch: 5 s, and no less (its manual page).
inline constexpr std::chrono::milliseconds least_stats_interval{5000};

class Reconciler {
 public:
  // `wake` is called when a pass becomes due; it may not run the pass by itself, as it is called within a commit.
  // Both outlive the reconciler.
  Reconciler(ovsdb::Database& database, Host& host, const Columns& columns, std::function<void()> wake);
  ~Reconciler();
  Reconciler(const Reconciler&) = delete;
  Reconciler& operator=(const Reconciler&) = delete;

  // Once at the start: the row of table Open_vSwitch, made if there is none, and what it says of this host.
  Result<> introduce(const Identity& identity);

  // The database was converted to another schema.
  void adapt(const Columns& columns);

  // Devices came, went or changed.
  void note_links_changed() { become_due(); }
  bool is_due() const { return is_due_; }

  // Brings the kernel to what the database says now, as far as it goes, and reports: of each interface its state or
  // what is wrong with it, and only then, or with it, cur_cfg. A step that fails is the error of its subject and stops
  // no other. `with_statistics`: the interval is over. An error: the kernel could not be looked at, or the database not
  // be written; what was reported says so where it could, and the next pass tries again.
  Result<> pass(bool with_statistics);

  // As the last pass read it.
  std::chrono::milliseconds stats_interval() const { return stats_interval_; }
  // In the database, at the last pass.
  bool has_bridges() const { return has_bridges_; }
  // The last pass gave up although every step succeeded: somebody else undoes them. Don't run after each other's
  // changes.
  bool is_contested() const { return is_contested_; }

 private:
  void become_due();
  Result<> remember_admin_states(const model::Observed& observed, const Configuration& configuration);
  // Returns what is there afterwards.
  Result<model::Observed> carry_out(const model::Desired& desired, model::Observed observed, StepErrors& errors);
  Result<> report(const Configuration& configuration, const Wanted& wanted, const model::Observed& observed,
                  const StepErrors& errors, bool with_statistics);
  Result<> report_blindness(const Configuration& configuration, const Error& error);
  Result<> commit(ovsdb::Transaction& transaction, bool durable = false);
  void log_new_errors(const StepErrors& errors);
  void count_link_resets(const model::Observed& observed);

  ovsdb::Database& database_;
  Host& host_;
  Columns columns_;
  std::function<void()> wake_;
  ovsdb::Database::Subscription subscription_;
  bool is_due_ = true;
  bool is_writing_ = false;  // A commit of our own is under way.
  bool has_bridges_ = false;
  bool is_contested_ = false;
  std::chrono::milliseconds stats_interval_ = least_stats_interval;
  AdminStates admin_states_;
  StepErrors logged_errors_;
  std::map<Uuid, std::uint16_t> ofports_;  // What each interface had last, while its row exists.
  struct LinkResets {
    bool carrier = false;
    std::int64_t count = 0;
  };
  std::map<std::string, LinkResets> link_resets_;  // By device, while it exists.
};

}  // namespace weft::reconcile
