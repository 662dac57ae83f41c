// The loop that keeps the kernel as the database says, and the database informed. It only decides and orders: what is
// desired comes from wanted.hpp, the steps from plan/, the kernel is behind Host. For one thread.
//
// A pass costs by what changed since the last one, in the database and in the kernel, not by what is there.
#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <set>

#include "ovsdb/database.hpp"
#include "plan/diff.hpp"
#include "reconcile/admin_states.hpp"
#include "reconcile/columns.hpp"
#include "reconcile/host.hpp"
#include "reconcile/identity.hpp"
#include "reconcile/interface_status.hpp"
#include "reconcile/link_history.hpp"
#include "reconcile/wanted.hpp"

namespace weft::reconcile {

// Steps, look again, steps: how often in one pass. A new device can need it (its MTU is known only then); whoever needs
// more waits for the next pass.
inline constexpr int max_rounds = 4;
// other_config:stats-update-interval of Open_vSwitch: 5 s, and no less (its manual page).
inline constexpr std::chrono::milliseconds least_stats_interval{5000};
// Interfaces whose statistics are written in one commit: clients don't wait for those of ten thousand.
inline constexpr std::size_t statistics_slice = 200;

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
  // no other. `with_statistics`: the interval is over; then the kernel is looked at more deeply, and what failed is
  // tried again. An error: the kernel could not be looked at, or the database not be written; what was reported says so
  // where it could, and the next pass looks at everything.
  Result<> pass(bool with_statistics);

  // The last pass with statistics found more of them changed than it wrote.
  bool has_statistics_to_write() const { return !unwritten_statistics_.empty(); }
  Result<> write_some_statistics();

  // As of the last pass. `desired_version` is another when it may be another.
  const model::Desired& desired() const { return wanted_.desired(); }
  std::uint64_t desired_version() const { return desired_version_; }

  // What is to be told of the guest behind a device in Interface.status, beside what is seen of the device itself.
  // Makes a pass due.
  void set_guest_status(const std::string& device, std::map<std::string, std::string> status);

  // As the last pass read it.
  std::chrono::milliseconds stats_interval() const { return stats_interval_; }
  // In the database, at the last pass.
  bool has_bridges() const { return !wanted_.desired().bridges.empty(); }
  // The last pass gave up although every step succeeded: somebody else undoes them. Don't run after each other's
  // changes.
  bool is_contested() const { return is_contested_; }

 private:
  void become_due();
  Result<> reconcile(bool with_statistics);
  model::Scope update_wanted();
  Result<> remember_admin_states(const model::Scope& seen);
  // Returns the errors of the steps about `scope`, which grows by what the steps changed.
  Result<StepErrors> carry_out(model::Scope& scope);
  void take_errors(StepErrors errors, model::Scope& scope);
  Result<> report(const model::Scope& scope);
  void find_changed_statistics();
  Result<> report_blindness(const Error& error);
  InterfaceStatus status_of(const WantedInterface& interface) const;
  std::string trouble_of(const std::string& device) const;
  const model::Link* find_link(const std::string& device) const;
  Result<> commit(ovsdb::Transaction& transaction, bool durable = false);

  ovsdb::Database& database_;
  Host& host_;
  Columns columns_;
  std::function<void()> wake_;
  ovsdb::Database::Subscription subscription_;
  bool is_due_ = true;
  bool is_writing_ = false;  // A commit of our own is under way.
  bool is_blind_ = false;    // The last pass failed: status columns and kernel may be anything.
  bool is_contested_ = false;
  std::chrono::milliseconds stats_interval_ = least_stats_interval;
  Wanted wanted_;
  plan::Differ differ_;
  AdminStates admin_states_;
  std::uint64_t desired_version_ = 0;
  std::map<std::string, std::map<std::string, std::string>> guest_statuses_;  // By device.
  std::set<std::string> untold_guests_;                                       // Devices.
  StepErrors errors_;                                                         // Of the last step about each subject.
  model::Scope unfinished_;                                                   // What steps failed about, or in vain.
  std::map<std::string, LinkHistory> histories_;  // By device of an interface, while it exists.
  std::set<std::string> unwritten_statistics_;    // Devices.
};

}  // namespace weft::reconcile
