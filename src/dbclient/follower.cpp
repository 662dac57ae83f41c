#include "dbclient/follower.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/signal_set.hpp>
#include <csignal>

#include "base/compatibility.hpp"
#include "base/directories.hpp"
#include "unixctl/common_commands.hpp"
#include "unixctl/server.hpp"
#include "unixctl/target.hpp"

namespace weft::dbclient {
namespace {

namespace asio = boost::asio;
using boost::system::error_code;

// Nothing: it is to have none.
std::optional<std::string> control_socket(const Options& options) {
  const auto& wanted = options.daemon.unixctl;
  if (wanted == "none" || !options.is_daemon()) return std::nullopt;
  if (wanted) return resolve_in(run_directory(), *wanted);
  return unixctl::default_socket(run_directory(), "ovsdb-client", ::getpid());
}

}  // namespace

class Follower::Loop {
 public:
  Loop(Follower& owner, Hear hear)
      : owner_(owner),
        hear_(std::move(hear)),
        common_(loop_, owner.commands_, fmt::format("ovsdb-client (Open vSwitch) {}", compatible_ovs_version),
                [] { return unixctl::MemoryUsage(); }),
        input_(loop_, ::fcntl(owner.context_.client->fd(), F_DUPFD_CLOEXEC, 0)) {
    owner.commands_.add({"exit", "", 0, 0, [this](unixctl::Arguments) -> Result<std::string> {
                           end_soon();
                           return "";
                         }});
  }

  Result<> run() {
    auto& context = owner_.context_;
    if (const auto socket = control_socket(context.options)) TRY(control_.listen(*socket));
    if (context.options.is_daemon()) {
      await_signal();
      context.go_to_background();
    }
    read_on();
    loop_.run();
    return std::move(result_);
  }

  // That ended it; 0: none.
  int signal() const { return signal_; }

  // A command may have let something come in, or have said that reading goes on.
  void read_soon() {
    asio::post(loop_, [this] {
      if (!is_waiting_)
        read_on();
      else
        drain();
    });
  }

 private:
  void await_signal() {
    signals_.emplace(loop_, SIGTERM, SIGINT, SIGHUP);
    signals_->async_wait([this](error_code error, int signal) {
      if (error) return;
      signal_ = signal;
      loop_.stop();
    });
  }

  // Once whoever asked has been answered, which happens at the end of this turn.
  void end_soon() {
    asio::post(loop_, [this] { asio::post(loop_, [this] { loop_.stop(); }); });
  }

  void read_on() {
    drain();
    if (!owner_.is_reading_ || loop_.stopped()) return;
    is_waiting_ = true;
    input_.async_wait(asio::posix::stream_descriptor::wait_read, [this](error_code error) {
      is_waiting_ = false;
      if (!error) read_on();
    });
  }

  // Hears all that has come.
  void drain() {
    const auto now = std::chrono::steady_clock::now();
    while (owner_.is_reading_) {
      const auto notification = owner_.context_.client->next_notification(now);
      auto heard = notification ? hear_(*notification) : Result<>(std::unexpected(notification.error()));
      if (heard) continue;
      if (heard.error().tag == "timed out") return;
      result_ = std::move(heard);
      return loop_.stop();
    }
  }

  Follower& owner_;
  Hear hear_;
  asio::io_context loop_{1};
  unixctl::CommonCommands common_;
  unixctl::Server control_{loop_, owner_.commands_};
  asio::posix::stream_descriptor input_;
  std::optional<asio::signal_set> signals_;
  Result<> result_;
  int signal_ = 0;
  bool is_waiting_ = false;
};

void Follower::add(unixctl::Command command) {
  command.run = [this, run = std::move(command.run)](unixctl::Arguments arguments) {
    auto answer = run(arguments);
    loop_->read_soon();
    return answer;
  };
  commands_.add(std::move(command));
}

Result<> Follower::run(Hear hear) {
  auto loop = std::make_unique<Loop>(*this, std::move(hear));
  loop_ = loop.get();
  auto result = loop->run();
  const int signal = loop->signal();
  loop_ = nullptr;
  loop.reset();
  context_.startup.reset();  // Files that tell of us go before we do.
  if (signal != 0) {
    ::signal(signal, SIG_DFL);
    ::raise(signal);
  }
  return result;
}

}  // namespace weft::dbclient
