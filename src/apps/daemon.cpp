#include "apps/daemon.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <csignal>

#include "apps/control.hpp"
#include "apps/lease_file.hpp"
#include "apps/services.hpp"
#include "base/check.hpp"
#include "base/log.hpp"
#include "base/service_manager.hpp"
#include "dbserver/databases.hpp"
#include "kernel/kernel_host.hpp"
#include "ovsdb/remotes.hpp"
#include "plan/diff.hpp"
#include "reconcile/reconciler.hpp"
#include "schema/vswitch.hpp"

namespace weft {
namespace {

const LogModule log("weftd");

namespace asio = boost::asio;
using boost::system::error_code;
using Clock = std::chrono::steady_clock;

constexpr Clock::duration pause_when_contested = std::chrono::seconds(1);

// An error that repeats itself every few seconds is told once.
class Complaint {
 public:
  void report(const Result<>& result, const char* what) {
    std::string text = result ? std::string() : result.error().details;
    if (!text.empty() && text != last_) log.error("{}: {}", what, text);
    if (text.empty() && !last_.empty()) log.info("{} works again", what);
    last_ = std::move(text);
  }

 private:
  std::string last_;
};

}  // namespace

class Daemon::Parts {
 public:
  Parts(std::unique_ptr<ovsdb::DatabaseFile> file, std::unique_ptr<kernel::KernelHost> host,
        const reconcile::Columns& columns, ovsdb::DatabaseSchema own_schema, const std::string& database)
      : own_schema_(std::move(own_schema)),
        file_(databases_.keep(std::move(file))),
        host_(std::move(host)),
        reconciler_(file_.database(), *host_, columns, [this] { schedule_pass(Clock::now()); }),
        services_(loop_, {*host_, reconciler_, lease_file_of(database)}) {
    file_.database().set_schema_user({[this](const ovsdb::DatabaseSchema& schema) -> Result<> {
                                        TRY(reconcile::Columns::resolve(schema, own_schema_));
                                        return {};
                                      },
                                      [this] { adapt(); }});
  }
  ~Parts() { news_.release(); }  // The host owns the socket.

  Result<> prepare(const WeftdOptions& options) {
    TRY(reconciler_.introduce(reconcile::read_identity(options.run_dir)));
    TRY(reconciler_.pass(true));
    services_.start();
    TRY(control_.listen(options));
    TRY(server_.listen_unix(options.socket));
    TRY(remotes_.add("punix:" + options.socket));  // It listens already: from now on it can be listed and removed, too.
    follow_remotes();
    return {};
  }

  void run() {
    signals_.async_wait([this](error_code, int signal) { stop(fmt::format("signal {}", signal)); });
    await_news();
    await_statistics();
    loop_.run();
    server_.stop();
    services_.stop();
    if (is_to_clean_up_) cleanup_complaint_.report(take_down(), "cleaning up");
    if (reconciler_.has_bridges() && !is_to_clean_up_) return;
    if (const auto released = host_->release(); !released) log.warning("{}", released.error().details);
  }

 private:
  void stop(std::string_view why) {
    log.info("stopping on {}; {}", why, is_to_clean_up_ ? "the network goes, too" : "the network keeps running");
    notify_service_manager("STOPPING=1");
    loop_.stop();
  }

  // After the answer to the command has gone out.
  void exit(bool cleanup) {
    is_to_clean_up_ = cleanup;
    asio::post(loop_, [this] { stop("command"); });
  }

  // Managers, and the keys and certificates for TLS, are configured by "ovs-vsctl set-manager" and "set-ssl". A
  // database of another version may have no such columns.
  void follow_remotes() {
    const ovsdb::TlsSources tls{.settings = {.private_key = "db:Open_vSwitch,SSL,private_key",
                                             .certificate = "db:Open_vSwitch,SSL,certificate",
                                             .ca_cert = "db:Open_vSwitch,SSL,ca_cert"},
                                .bootstrap = "db:Open_vSwitch,SSL,bootstrap_ca_cert"};
    for (const auto& outcome :
         {remotes_.configure_tls(tls), remotes_.add("db:Open_vSwitch,Open_vSwitch,manager_options")})
      if (!outcome) log.warning("{}; going on without it", outcome.error().details);
  }

  // Nothing is desired any more.
  Result<> take_down() {
    TRY(host_->look(reconcile::Host::Depth::everything));
    for (const auto& step : plan::diff({}, host_->observed())) {
      log.info("{}", plan::explain(step));
      TRY(host_->apply(step));
    }
    return {};
  }

  void adapt() {
    const auto columns = reconcile::Columns::resolve(file_.database().schema(), own_schema_);
    CHECK(columns);  // It was asked before.
    reconciler_.adapt(*columns);
  }

  void schedule_pass(Clock::time_point when) {
    pass_timer_.expires_at(when);
    pass_timer_.async_wait([this](error_code error) {
      if (!error && reconciler_.is_due()) run_pass(false);
    });
  }

  void run_pass(bool with_statistics) {
    const auto begin = Clock::now();
    pass_complaint_.report(reconciler_.pass(with_statistics), "reconciling");
    services_.note_pass();
    const auto end = Clock::now();
    log.debug("pass took {} us", std::chrono::duration_cast<std::chrono::microseconds>(end - begin).count());
    // While devices change without end, at most half of the time goes into
    // looking at them.
    earliest_look_ = end + (reconciler_.is_contested() ? pause_when_contested : end - begin);
  }

  void await_news() {
    news_.async_wait(asio::posix::stream_descriptor::wait_read, [this](error_code error) {
      if (error) return;
      if (host_->hear() && !is_look_scheduled_) schedule_look();
      await_news();
    });
  }

  void schedule_look() {
    is_look_scheduled_ = true;
    look_timer_.expires_at(earliest_look_);
    look_timer_.async_wait([this](error_code error) {
      is_look_scheduled_ = false;
      if (!error) reconciler_.note_links_changed();
    });
  }

  void await_statistics() {
    statistics_timer_.expires_after(reconciler_.stats_interval());
    statistics_timer_.async_wait([this](error_code error) {
      if (error) return;
      sweep_complaint_.report(host_->sweep(), "making room for addresses");
      run_pass(true);
      write_statistics();
      await_statistics();
    });
  }

  // Clients have their turns in between.
  void write_statistics() {
    if (!reconciler_.has_statistics_to_write()) return;
    asio::post(loop_, [this] {
      statistics_complaint_.report(reconciler_.write_some_statistics(), "writing statistics");
      write_statistics();
    });
  }

  asio::io_context loop_{1};
  const ovsdb::DatabaseSchema own_schema_;
  ovsdb::Server server_{loop_};
  dbserver::Databases databases_{loop_, server_, true};
  ovsdb::DatabaseFile& file_;  // The switch's own among them.
  std::unique_ptr<kernel::KernelHost> host_;
  asio::steady_timer pass_timer_{loop_}, look_timer_{loop_}, statistics_timer_{loop_};
  reconcile::Reconciler reconciler_;
  Services services_;
  ovsdb::Remotes remotes_{loop_, server_};
  Control control_{loop_,
                   {*host_, file_, server_, databases_, remotes_, services_, [this](bool cleanup) { exit(cleanup); }}};
  asio::signal_set signals_{loop_, SIGTERM, SIGINT, SIGHUP};
  asio::posix::stream_descriptor news_{loop_, host_->news_fd()};
  Clock::time_point earliest_look_;
  bool is_look_scheduled_ = false;
  bool is_to_clean_up_ = false;
  Complaint pass_complaint_, statistics_complaint_, sweep_complaint_, cleanup_complaint_;
};

Result<std::unique_ptr<Daemon>> Daemon::start(const WeftdOptions& options) {
  const auto schema_json = TRY(parse_json(vswitch_schema()));
  auto schema = TRY(ovsdb::DatabaseSchema::from_json(schema_json));
  const auto is_suitable = [&](const ovsdb::DatabaseSchema& found) -> Result<> {
    TRY(reconcile::Columns::resolve(found, schema));
    return {};
  };
  auto file = TRY(ovsdb::open_database(options.db_file, schema, is_suitable));
  const auto columns = TRY(reconcile::Columns::resolve(file->database().schema(), schema));
  auto host = TRY(kernel::KernelHost::open(options.run_dir));
  auto parts = std::make_unique<Parts>(std::move(file), std::move(host), columns, std::move(schema), options.db_file);
  TRY(parts->prepare(options));
  return std::unique_ptr<Daemon>(new Daemon(std::move(parts)));
}

Daemon::Daemon(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
Daemon::~Daemon() = default;

void Daemon::run() { parts_->run(); }

}  // namespace weft
