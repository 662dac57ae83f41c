#include "reconcile/reconciler.hpp"

#include <charconv>

#include "base/log.hpp"
#include "ovsdb/transaction.hpp"
#include "plan/diff.hpp"
#include "reconcile/row_editor.hpp"
#include "reconcile/status_writer.hpp"

namespace weft::reconcile {
namespace {

const LogModule log("bridge");

std::chrono::milliseconds stats_interval_of(const Configuration& configuration) {
  const auto text = configuration.stats_update_interval.value_or("");
  std::int64_t milliseconds = 0;
  std::from_chars(text.data(), text.data() + text.size(), milliseconds);
  return std::max(least_stats_interval, std::chrono::milliseconds(milliseconds));
}

}  // namespace

Reconciler::Reconciler(ovsdb::Database& database, Host& host, const Columns& columns, std::function<void()> wake)
    : database_(database), host_(host), columns_(columns), wake_(std::move(wake)) {
  subscription_ = database_.subscribe([this](const ovsdb::ChangeSet& changes, const Uuid&) {
    if (!is_writing_ && touches_configuration(changes, columns_)) become_due();
  });
}

Reconciler::~Reconciler() { database_.unsubscribe(subscription_); }

void Reconciler::adapt(const Columns& columns) {
  columns_ = columns;
  become_due();
}

void Reconciler::become_due() {
  if (std::exchange(is_due_, true)) return;
  wake_();
}

Result<> Reconciler::introduce(const Identity& identity) {
  ovsdb::Transaction transaction(database_);
  const auto row = ensure_switch_row(transaction, columns_);
  write_identity(transaction, columns_, row, identity);
  return commit(transaction, true);
}

Result<> Reconciler::pass(bool with_statistics) {
  is_due_ = false;
  auto configuration = read_configuration(database_, columns_);
  auto observed = host_.observe();
  if (!observed) {
    TRY(report_blindness(configuration, observed.error()));
    return std::unexpected(observed.error());
  }
  TRY(remember_admin_states(*observed, configuration));
  configuration = read_configuration(database_, columns_);
  const auto wanted = wanted_from(configuration, ofports_);
  stats_interval_ = stats_interval_of(configuration);
  has_bridges_ = !wanted.desired.bridges.empty();

  StepErrors errors;
  auto reached = carry_out(wanted.desired, *std::move(observed), errors);
  if (!reached) {
    TRY(report_blindness(configuration, reached.error()));
    return std::unexpected(reached.error());
  }
  log_new_errors(errors);
  count_link_resets(*reached);
  return report(configuration, wanted, *reached, errors, with_statistics);
}

Result<> Reconciler::remember_admin_states(const model::Observed& observed, const Configuration& configuration) {
  const auto changes = admin_states_.take_changes(observed);
  if (changes.empty()) return {};
  ovsdb::Transaction transaction(database_);
  for (const auto& bridge : configuration.bridges) {
    for (const auto& port : bridge.ports) {
      for (const auto& interface : port.interfaces) {
        const auto change = changes.find(interface.name);
        if (change == changes.end()) continue;
        const bool is_as_made = !change->second && !interface.admin_state;
        if (is_as_made) continue;
        RowEditor(transaction, columns_.interface.table, interface.uuid)
            .set_key(columns_.interface.other_config, "admin-state", change->second ? "up" : "down");
      }
    }
  }
  return commit(transaction, true);  // For a reboot, however it comes.
}

Result<model::Observed> Reconciler::carry_out(const model::Desired& desired, model::Observed observed,
                                              StepErrors& errors) {
  plan::Steps previous;
  is_contested_ = false;
  for (int round = 0; round < max_rounds; ++round) {
    const auto steps = plan::diff(desired, observed);
    if (steps != previous) errors.clear();
    if (steps.empty()) return observed;
    if (steps == previous) break;  // No progress.
    for (const auto& step : steps) {
      if (const auto done = host_.apply(step); done) {
        admin_states_.note(step);
        log.info("{}", plan::explain(step));
      } else {
        // The first error of a subject is the cause of those after it.
        errors.emplace(plan::subject_of(step), done.error().details);
      }
    }
    observed = TRY(host_.observe());
    previous = steps;
  }
  is_contested_ = errors.empty();
  return observed;
}

Result<> Reconciler::report(const Configuration& configuration, const Wanted& wanted, const model::Observed& observed,
                            const StepErrors& errors, bool with_statistics) {
  ovsdb::Transaction transaction(database_);
  std::map<Uuid, std::uint16_t> ofports;
  for (const auto& interface : wanted.interfaces) {
    const auto resets = link_resets_.find(interface.device);
    const auto status = status_of(interface, observed, errors, resets == link_resets_.end() ? 0 : resets->second.count);
    write_status(transaction, columns_.interface, interface.uuid, status, with_statistics);
    if (interface.ofport != 0) ofports[interface.uuid] = interface.ofport;
  }
  ofports_ = std::move(ofports);
  write_datapath_ids(transaction, columns_.bridge, configuration.bridges, wanted, observed);
  if (configuration.open_vswitch) {
    RowEditor(transaction, columns_.open_vswitch.table, *configuration.open_vswitch)
        .set(columns_.open_vswitch.cur_cfg, to_datum(configuration.next_cfg));
  }
  return commit(transaction);
}

// Clients that wait for cur_cfg learn the reason instead of waiting for ever; what worked still works.
Result<> Reconciler::report_blindness(const Configuration& configuration, const Error& error) {
  log_new_errors({{"the kernel", error.details}});
  ovsdb::Transaction transaction(database_);
  for (const auto& bridge : configuration.bridges) {
    for (const auto& port : bridge.ports) {
      for (const auto& interface : port.interfaces) {
        RowEditor row(transaction, columns_.interface.table, interface.uuid);
        row.set(columns_.interface.error, to_datum(error.details));
        if (!interface.ofport) row.set(columns_.interface.ofport, to_datum(std::int64_t{-1}));
      }
    }
  }
  if (configuration.open_vswitch) {
    RowEditor(transaction, columns_.open_vswitch.table, *configuration.open_vswitch)
        .set(columns_.open_vswitch.cur_cfg, to_datum(configuration.next_cfg));
  }
  return commit(transaction);
}

Result<> Reconciler::commit(ovsdb::Transaction& transaction, bool durable) {
  is_writing_ = true;
  auto result = transaction.commit(durable);
  is_writing_ = false;
  return result;
}

void Reconciler::log_new_errors(const StepErrors& errors) {
  for (const auto& [subject, text] : errors) {
    const auto logged = logged_errors_.find(subject);
    if (logged == logged_errors_.end() || logged->second != text) {
      log.warning("{}: {}", subject.empty() ? "a device that is gone" : subject, text);
    }
  }
  logged_errors_ = errors;
}

void Reconciler::count_link_resets(const model::Observed& observed) {
  std::map<std::string, LinkResets> counted;
  for (const auto& [device, link] : observed.links) {
    const auto before = link_resets_.find(device);
    LinkResets now{.carrier = link.carrier};
    if (before != link_resets_.end()) now.count = before->second.count + (before->second.carrier != link.carrier);
    counted[device] = now;
  }
  link_resets_ = std::move(counted);
}

}  // namespace weft::reconcile
