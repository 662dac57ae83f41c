#include "reconcile/reconciler.hpp"

#include <algorithm>
#include <charconv>

#include "base/log.hpp"
#include "ovsdb/transaction.hpp"
#include "reconcile/row_editor.hpp"
#include "reconcile/status_writer.hpp"
#include "reconcile/tunnel_trouble.hpp"

namespace weft::reconcile {
namespace {

const LogModule log("bridge");

constexpr const char* the_kernel = "the kernel";  // Subject of the error of a look.

std::chrono::milliseconds stats_interval_of(const SwitchConfig& config) {
  const auto text = config.stats_update_interval.value_or("");
  std::int64_t milliseconds = 0;
  std::from_chars(text.data(), text.data() + text.size(), milliseconds);
  return std::max(least_stats_interval, std::chrono::milliseconds(milliseconds));
}

// Whom a step is about, as far as another try would have to know.
model::Scope scope_of(const plan::Steps& steps) {
  model::Scope scope;
  for (const auto& step : steps) {
    const auto& subject = plan::subject_of(step);
    scope.bridges.insert(subject);
    scope.devices.insert(subject);
    if (const auto* detach = std::get_if<plan::DetachPort>(&step)) scope.ports.insert(detach->ifindex);
  }
  return scope;
}

bool touches_switch(const ovsdb::ChangeSet& changes, const SwitchColumns& columns) {
  if (columns.table >= changes.tables.size()) return false;
  return std::ranges::any_of(changes.tables[columns.table],
                             [&](const auto& entry) { return touches_configuration(entry.second, columns); });
}

}  // namespace

Reconciler::Reconciler(ovsdb::Database& database, Host& host, const Columns& columns, std::function<void()> wake)
    : database_(database), host_(host), columns_(columns), wake_(std::move(wake)), wanted_(database, columns) {
  subscription_ = database_.subscribe([this](const ovsdb::ChangeSet& changes, const Uuid&) {
    const bool is_wanted_otherwise = wanted_.note(changes);
    if (is_writing_) return;
    if (is_wanted_otherwise || touches_switch(changes, columns_.open_vswitch)) become_due();
  });
}

Reconciler::~Reconciler() { database_.unsubscribe(subscription_); }

void Reconciler::adapt(const Columns& columns) {
  columns_ = columns;
  wanted_.adapt(columns);
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
  auto done = reconcile(with_statistics);
  is_blind_ = !done;
  if (!done) TRY(report_blindness(done.error()));
  return done;
}

Result<> Reconciler::reconcile(bool with_statistics) {
  using Depth = Host::Depth;
  auto scope = TRY(host_.look(is_blind_ ? Depth::everything : with_statistics ? Depth::statistics : Depth::news));
  scope.add(update_wanted());
  scope.devices.merge(std::exchange(untold_guests_, {}));
  TRY(remember_admin_states(scope));
  scope.add(update_wanted());
  if (with_statistics) scope.add(std::exchange(unfinished_, {}));
  if (is_blind_) {
    differ_ = {};
    scope.add(wanted_.desired());
    scope.add(host_.observed());
    for (const auto& [device, interface] : wanted_.interfaces()) scope.devices.insert(device);
  }
  errors_.erase(the_kernel);
  take_errors(TRY(carry_out(scope)), scope);
  TRY(report(scope));
  if (!with_statistics) return {};
  find_changed_statistics();
  return write_some_statistics();
}

model::Scope Reconciler::update_wanted() {
  auto scope = wanted_.update();
  if (!scope.empty()) ++desired_version_;
  return scope;
}

void Reconciler::set_guest_status(const std::string& device, std::map<std::string, std::string> status) {
  const auto present = guest_statuses_.find(device);
  if (present == guest_statuses_.end() ? status.empty() : present->second == status) return;
  if (status.empty()) {
    guest_statuses_.erase(present);
  } else {
    guest_statuses_[device] = std::move(status);
  }
  untold_guests_.insert(device);
  become_due();
}

Result<> Reconciler::remember_admin_states(const model::Scope& seen) {
  const auto changes = admin_states_.take_changes(host_.observed(), seen.devices);
  if (changes.empty()) return {};
  ovsdb::Transaction transaction(database_);
  for (const auto& [device, is_up] : changes) {
    const auto interface = wanted_.interfaces().find(device);
    if (interface == wanted_.interfaces().end()) continue;
    RowEditor row(transaction, columns_.interface.table, interface->second.uuid);
    const auto column = columns_.interface.other_config;
    const bool is_as_made = !is_up && row.get(column).string_at("admin-state") == nullptr;
    if (!is_as_made) row.set_key(column, "admin-state", is_up ? "up" : "down");
  }
  return commit(transaction, true);  // For a reboot, however it comes.
}

Result<StepErrors> Reconciler::carry_out(model::Scope& scope) {
  StepErrors errors;
  plan::Steps previous;
  is_contested_ = false;
  for (int round = 0; round < max_rounds; ++round) {
    auto steps = differ_.diff(wanted_.desired(), host_.observed(), scope);
    if (steps != previous) errors.clear();
    if (steps.empty()) return errors;
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
    scope.add(TRY(host_.look(Host::Depth::news)));
    previous = std::move(steps);
  }
  is_contested_ = errors.empty();
  unfinished_.add(scope_of(previous));
  return errors;
}

// In the place of those that were known about `scope`. A bridge's error is that of all its interfaces.
void Reconciler::take_errors(StepErrors errors, model::Scope& scope) {
  std::set<std::string> subjects;
  if (!scope.ports.empty()) subjects.insert("");
  for (const auto* names : {&scope.bridges, &scope.devices}) subjects.insert(names->begin(), names->end());
  for (const auto& subject : subjects) {
    const auto before = errors_.extract(subject);
    const auto now = errors.find(subject);
    const bool is_same = now == errors.end() ? before.empty() : !before.empty() && before.mapped() == now->second;
    if (is_same) continue;
    if (now != errors.end()) log.warning("{}: {}", subject.empty() ? "a device that is gone" : subject, now->second);
    if (!wanted_.bridges().contains(subject)) continue;
    for (const auto& [device, interface] : wanted_.interfaces()) {
      if (interface.bridge == subject) scope.devices.insert(device);
    }
  }
  errors_.merge(errors);
}

Result<> Reconciler::report(const model::Scope& scope) {
  ovsdb::Transaction transaction(database_);
  auto bridges = scope.bridges;
  for (const auto& device : scope.devices) {
    if (wanted_.bridges().contains(device)) bridges.insert(device);
    const auto interface = wanted_.interfaces().find(device);
    const auto* link = find_link(device);
    if (interface == wanted_.interfaces().end()) {
      histories_.erase(device);
      continue;
    }
    if (link == nullptr) {
      histories_.erase(device);
    } else {
      histories_.try_emplace(device, LinkHistory{.carrier = link->carrier}).first->second.see(*link);
    }
    const auto status = status_of(interface->second);
    const bool wrote_statistics = write_status(transaction, columns_.interface, interface->second.uuid, status);
    const auto port =
        link == nullptr ? host_.observed().ports.end() : host_.observed().ports.find(link->port_ifindex());
    write_port_status(transaction, columns_.port, interface->second.port,
                      port == host_.observed().ports.end() ? nullptr : &port->second);
    if (wrote_statistics && link != nullptr) histories_[device].written_statistics = link->statistics;
  }
  for (const auto& name : bridges) {
    const auto bridge = wanted_.bridges().find(name);
    if (bridge == wanted_.bridges().end()) continue;
    if (write_bridge_status(transaction, columns_.bridge, bridge->second, find_link(name))) {
      log.warning("{}: {}", name, bridge->second.services_error);
    }
  }
  if (const auto config = read_switch(database_, columns_.open_vswitch)) {
    stats_interval_ = stats_interval_of(*config);
    RowEditor(transaction, columns_.open_vswitch.table, config->uuid)
        .set(columns_.open_vswitch.cur_cfg, to_datum(config->next_cfg));
  }
  return commit(transaction);
}

void Reconciler::find_changed_statistics() {
  for (const auto& [device, history] : histories_) {
    const auto* link = find_link(device);
    if (link != nullptr && link->statistics != history.written_statistics) unwritten_statistics_.insert(device);
  }
}

Result<> Reconciler::write_some_statistics() {
  ovsdb::Transaction transaction(database_);
  for (std::size_t i = 0; i < statistics_slice && !unwritten_statistics_.empty(); ++i) {
    const auto device = unwritten_statistics_.extract(unwritten_statistics_.begin()).value();
    const auto interface = wanted_.interfaces().find(device);
    const auto history = histories_.find(device);
    const auto* link = find_link(device);
    if (interface == wanted_.interfaces().end() || history == histories_.end() || link == nullptr) continue;
    write_statistics(transaction, columns_.interface, interface->second.uuid, status_of(interface->second));
    history->second.written_statistics = link->statistics;
  }
  return commit(transaction);
}

// Clients that wait for cur_cfg learn the reason instead of waiting for ever; what worked still works.
Result<> Reconciler::report_blindness(const Error& error) {
  if (errors_.insert_or_assign(the_kernel, error.details).second) log.warning("{}: {}", the_kernel, error.details);
  update_wanted();
  ovsdb::Transaction transaction(database_);
  for (const auto& [device, interface] : wanted_.interfaces()) {
    RowEditor row(transaction, columns_.interface.table, interface.uuid);
    row.set(columns_.interface.error, to_datum(error.details));
    if (row.get(columns_.interface.ofport).empty()) row.set(columns_.interface.ofport, to_datum(std::int64_t{-1}));
  }
  if (const auto config = read_switch(database_, columns_.open_vswitch)) {
    RowEditor(transaction, columns_.open_vswitch.table, config->uuid)
        .set(columns_.open_vswitch.cur_cfg, to_datum(config->next_cfg));
  }
  return commit(transaction);
}

InterfaceStatus Reconciler::status_of(const WantedInterface& interface) const {
  const auto history = histories_.find(interface.device);
  auto status =
      reconcile::status_of(interface, host_.observed(), errors_,
                           history == histories_.end() ? 0 : history->second.resets, trouble_of(interface.device));
  if (const auto guest = guest_statuses_.find(interface.device); guest != guest_statuses_.end()) {
    status.status.insert(guest->second.begin(), guest->second.end());
  }
  return status;
}

std::string Reconciler::trouble_of(const std::string& device) const {
  const auto& desired = wanted_.desired();
  const auto wanted = desired.devices.find(device);
  const auto* vxlan = wanted == desired.devices.end() ? nullptr : wanted->second.vxlan();
  if (vxlan == nullptr) return {};
  const auto* rival = differ_.tunnels().find_rival(device, desired, host_.observed());
  return tunnel_trouble(device, *vxlan, rival, host_.observed());
}

const model::Link* Reconciler::find_link(const std::string& device) const {
  const auto found = host_.observed().links.find(device);
  return found == host_.observed().links.end() ? nullptr : &found->second;
}

Result<> Reconciler::commit(ovsdb::Transaction& transaction, bool durable) {
  is_writing_ = true;
  auto result = transaction.commit(durable);
  is_writing_ = false;
  return result;
}

}  // namespace weft::reconcile
