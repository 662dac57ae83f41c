#include "dbserver/program.hpp"

#include <unistd.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/signal_set.hpp>
#include <cerrno>
#include <csignal>

#include "base/directories.hpp"
#include "base/log.hpp"
#include "dbserver/commands.hpp"
#include "dbserver/replication_commands.hpp"
#include "dbserver/subprocess.hpp"
#include "ovsdb/error_message.hpp"
#include "unixctl/common_commands.hpp"
#include "unixctl/server.hpp"
#include "unixctl/target.hpp"

namespace weft::dbserver {
namespace {

namespace asio = boost::asio;
using boost::system::error_code;

const LogModule log("ovsdb_server");

}  // namespace

class Program::Parts {
 public:
  Parts(const Options& options, Memory& memory)
      : memory_(memory), databases_(loop_, server_, options.write_differences) {
    add_commands(commands_, {.service = server_.service(),
                             .databases = databases_,
                             .remotes = remotes_,
                             .table_log = table_log_,
                             .changed = [this] { note_change(); }});
    add_replication_commands(commands_, replication_);
    commands_.add({"exit", "", 0, 0, [this](unixctl::Arguments) -> Result<std::string> {
                     stop();
                     return "";
                   }});
  }

  Result<> prepare(const Options& options) {
    const auto remembered = TRY(memory_.read());
    for (const auto& path : remembered.databases)
      if (auto opened = databases_.open(path); !opened)
        return fail(opened.error().tag, ovsdb::message_of(opened.error()));
    const auto has_tls = remotes_.configure_tls(options.tls);
    if (!has_tls) return fail(has_tls.error().tag, has_tls.error().details + "\n");
    // Before anybody can ask for changes.
    TRY(replication_.start(remembered.replication));
    for (const auto& remote : remembered.remotes)
      if (auto added = remotes_.add(remote); !added) return fail(added.error().tag, added.error().details + "\n");
    remember();
    if (options.daemon.unixctl != "none") TRY(control_.listen(control_socket(options)));
    if (options.run_command) {
      subprocess_ = std::make_unique<Subprocess>(loop_, *options.run_command, [this](Result<> ended) {
        outcome_ = std::move(ended);
        stop();
      });
      TRY(subprocess_->start());
    }
    return {};
  }

  Result<int> run() {
    int signal_number = 0;
    signals_.async_wait([&](error_code error, int number) {
      if (error) return;
      signal_number = number;
      loop_.stop();
    });
    loop_.run();
    server_.stop();
    TRY(outcome_);
    return signal_number;
  }

 private:
  unixctl::MemoryUsage memory_usage() const {
    const auto usage = server_.usage();
    return {{"atoms", usage.atoms}, {"cells", usage.cells}, {"monitors", usage.monitors}, {"sessions", usage.sessions}};
  }

  static std::string control_socket(const Options& options) {
    const auto directory = absolute_path(run_directory());
    if (options.daemon.unixctl) return resolve_in(directory, *options.daemon.unixctl);
    return unixctl::default_socket(directory, program_invocation_short_name, ::getpid());
  }

  // After what is under way: an answer, and the messages of the last commit.
  void stop() {
    asio::post(loop_, [this] { loop_.stop(); });
  }

  void note_change() {
    remember();
    if (const auto noted = replication_.note_databases(); !noted) log.error("{}", noted.error().details);
  }

  void remember() {
    const auto written = memory_.write({databases_.paths(), remotes_.all(), replication_.settings()});
    if (!written) log.warning("{}; after a crash the server starts with what it had before", written.error().details);
  }

  asio::io_context loop_{1};
  Memory& memory_;
  ovsdb::Server server_{loop_};
  Databases databases_;
  ovsdb::Remotes remotes_{loop_, server_};
  Replication replication_{loop_, server_, databases_, [this] { remember(); }};
  TableLog table_log_{server_.service()};
  unixctl::CommandTable commands_;
  unixctl::CommonCommands common_commands_{loop_, commands_, version_text(), [this] { return memory_usage(); }};
  unixctl::Server control_{loop_, commands_};
  std::unique_ptr<Subprocess> subprocess_;
  Result<> outcome_;
  asio::signal_set signals_{loop_, SIGTERM, SIGINT, SIGHUP};
};

Result<std::unique_ptr<Program>> Program::start(const Options& options, Memory& memory) {
  auto parts = std::make_unique<Parts>(options, memory);
  TRY(parts->prepare(options));
  return std::unique_ptr<Program>(new Program(std::move(parts)));
}

Program::Program(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
Program::~Program() = default;

Result<int> Program::run() { return parts_->run(); }

}  // namespace weft::dbserver
