#include "ovsdb/remotes.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>

#include "base/log.hpp"
#include "base/log_limit.hpp"
#include "ovsdb/remote_rows.hpp"

namespace weft::ovsdb {
namespace {

const LogModule log("ovsdb_jsonrpc_server");
LogLimit limit(5, 5);

namespace asio = boost::asio;

bool is_place(std::string_view text) { return text.starts_with(place_prefix); }

Result<> check_strings(Service& service, const std::string& text) {
  if (!is_place(text)) return {};
  const auto place = TRY(DatabasePlace::find(service, text));
  const auto& table = place.database->schema().tables[place.table];
  const auto& column = table.columns[place.column];
  if (!column.type.is_map() && column.type.key.type == AtomType::string) return {};
  return fail("usage", fmt::format("\"{}\": table \"{}\" column \"{}\" is not string or set of strings", text,
                                   table.name, column.name));
}

}  // namespace

// Handlers in the loop hold it weakly.
class Remotes::State : public std::enable_shared_from_this<Remotes::State> {
 public:
  State(asio::io_context& loop, Server& server) : loop_(loop), server_(server), timer_(loop) {}
  ~State() { unsubscribe(); }

  void start() {
    server_.service().on_databases_changed([weak = weak_from_this()] {
      const auto self = weak.lock();
      if (!self) return;
      self->unsubscribe();  // Before a database that was removed is gone.
      self->apply_soon();
    });
  }

  Service& service() { return server_.service(); }

  // Brings the server to what is configured now.
  void apply() {
    is_due_ = false;
    unsubscribe();
    apply_tls();
    const auto before = std::exchange(wanted_, collect());
    for (const auto& [target, remote] : before)
      if (!wanted_.contains(target)) server_.remove_remote(target);
    std::erase_if(complaints_, [&](const auto& entry) { return !wanted_.contains(entry.first); });
    for (const auto& [target, remote] : wanted_) add(remote.options);
    timer_.expires_after(std::chrono::seconds(0));
    await_timer();
  }

  std::set<std::string> configured;
  TlsSources tls;

 private:
  void apply_tls() {
    auto settings = tls.settings;
    for (auto* text : {&settings.private_key, &settings.certificate, &settings.ca_cert, &settings.ciphers}) {
      if (!is_place(*text)) continue;
      const auto place = look_up(*text);
      *text = place ? read_first_string(*place) : std::string();  // Its database may be gone.
    }
    if (const auto place = look_up(tls.bootstrap)) settings.bootstrap = read_any_true(*place);
    if (const auto place = look_up(tls.protocols)) settings.versions = read_versions(*place);
    server_.configure_tls(settings);
  }

  // The default, where none stand there, or nonsense.
  static stream::TlsVersions read_versions(const DatabasePlace& place) {
    const auto text = read_first_string(place);
    if (text.empty()) return {};
    const auto versions = stream::parse_tls_versions(text);
    if (!versions) log.limited(limit, LogLevel::warning, "{}", versions.error().details);
    return versions.value_or(stream::TlsVersions{});
  }

  // By target: where one stands twice, the first is it.
  std::map<std::string, PlacedRemote> collect() {
    std::map<std::string, PlacedRemote> wanted;
    for (const auto& text : configured) {
      if (!is_place(text)) {
        wanted.try_emplace(text, PlacedRemote{RemoteOptions{.target = text}, std::nullopt});
      } else if (const auto place = look_up(text)) {
        for (auto& remote : read_remotes(*place)) wanted.try_emplace(remote.options.target, std::move(remote));
      }
    }
    return wanted;
  }

  // The place that `text` names, which is followed from now on; none: it is no place, or there is none now.
  std::optional<DatabasePlace> look_up(const std::string& text) {
    if (!is_place(text)) return std::nullopt;
    const auto place = DatabasePlace::find(service(), text);
    if (!place) return std::nullopt;
    auto& followed = followed_[place->database];
    for (const auto table : tables_of(*place)) followed.tables.insert(table);
    if (!followed.subscription)
      followed.subscription = place->database->subscribe(
          [weak = weak_from_this(), database = place->database](const ChangeSet& changes, const Uuid&) {
            const auto self = weak.lock();
            if (self && self->concerns_us(database, changes)) self->apply_soon();
          });
    return *place;
  }

  bool concerns_us(Database* database, const ChangeSet& changes) const {
    if (is_writing_) return false;
    return std::ranges::any_of(followed_.at(database).tables, [&](std::size_t table) {
      return table < changes.tables.size() && !changes.tables[table].empty();
    });
  }

  void unsubscribe() {
    for (const auto& [database, followed] : std::exchange(followed_, {}))
      if (followed.subscription) database->unsubscribe(*followed.subscription);
  }

  // Not within the commit.
  void apply_soon() {
    if (std::exchange(is_due_, true)) return;
    asio::post(loop_, [weak = weak_from_this()] {
      if (const auto self = weak.lock()) self->apply();
    });
  }

  // The same reason for a failure is told once.
  void add(const RemoteOptions& options) {
    const auto& target = options.target;
    const auto added = server_.add_remote(options);
    if (added) {
      complaints_.erase(target);
      return;
    }
    std::string reason = added.error().details;
    if (reason.starts_with(target + ": ")) reason.erase(0, target.size() + 2);
    auto& told = complaints_[target];
    if (told != reason) log.error("{}: listen failed: {}", target, reason);
    told = std::move(reason);
  }

  void await_timer() {
    timer_.async_wait([weak = weak_from_this()](const boost::system::error_code& error) {
      const auto self = weak.lock();
      if (!error && self) self->visit();
    });
  }

  void visit() {
    if (is_due_) return;  // Rows may be gone: apply() comes first, and sets the timer.
    for (const auto& [target, remote] : wanted_)
      if (!server_.has_remote(target)) add(remote.options);  // It may be had now.
    is_writing_ = true;
    // The rows of a copy tell what stands in the original.
    const bool may_write = !service().is_read_only();
    for (const auto& [target, remote] : wanted_)
      if (remote.row && may_write) write(target, *remote.row);
    is_writing_ = false;
    const bool has_rows = std::ranges::any_of(wanted_, [](const auto& entry) { return entry.second.row.has_value(); });
    if (!has_rows && complaints_.empty()) return;
    timer_.expires_after(remote_status_interval);
    await_timer();
  }

  void write(const std::string& target, const RemoteRow& row) {
    RemoteStatus status;
    if (server_.has_remote(target)) {
      status = server_.remote_status(target);
    } else {
      status.state = "BACKOFF";
      status.last_error = complaints_.at(target);
    }
    const auto written = write_status(row, status);
    if (!written)
      log.limited(limit, LogLevel::warning, "{}: its status cannot be written: {}", target, written.error().details);
  }

  struct Followed {
    std::set<std::size_t> tables;
    std::optional<Database::Subscription> subscription;
  };

  asio::io_context& loop_;
  Server& server_;
  asio::steady_timer timer_;
  std::map<Database*, Followed> followed_;
  std::map<std::string, PlacedRemote> wanted_;     // By target.
  std::map<std::string, std::string> complaints_;  // By target: why it cannot be had.
  bool is_due_ = false;
  bool is_writing_ = false;
};

Remotes::Remotes(asio::io_context& loop, Server& server) : state_(std::make_shared<State>(loop, server)) {
  state_->start();
}
Remotes::~Remotes() = default;

Result<> Remotes::add(const std::string& remote) {
  if (is_place(remote)) TRY(DatabasePlace::find(state_->service(), remote));
  if (state_->configured.insert(remote).second) state_->apply();
  return {};
}

Result<> Remotes::remove(const std::string& remote) {
  if (state_->configured.erase(remote) == 0) return fail("not found", "no such remote");
  state_->apply();
  return {};
}

const std::set<std::string>& Remotes::all() const { return state_->configured; }

Result<> Remotes::configure_tls(TlsSources sources) {
  const auto& settings = sources.settings;
  for (const auto& text :
       {settings.private_key, settings.certificate, settings.ca_cert, settings.ciphers, sources.protocols})
    TRY(check_strings(state_->service(), text));
  if (is_place(sources.bootstrap)) TRY(DatabasePlace::find(state_->service(), sources.bootstrap));
  state_->tls = std::move(sources);
  state_->apply();
  return {};
}

}  // namespace weft::ovsdb
