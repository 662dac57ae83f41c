#include "hosts/child_process.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <linux/close_range.h>
#include <poll.h>
#include <sched.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <climits>
#include <csignal>

#include "base/system_error.hpp"
#include "hosts/arguments.hpp"
#include "hosts/pidfd.hpp"

namespace weft::hosts {
namespace {

constexpr int first_free_fd = 10;  // Above the standard streams, so that dup2() closes none of those still needed.
constexpr int end_wait_ms = 2000;

struct Pipe {
  UniqueFd reading = {}, writing = {};
  static Result<Pipe> make() {
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) return fail_with_errno("cannot make a pipe");
    const UniqueFd low_reading(ends[0]), low_writing(ends[1]);
    Pipe pipe{UniqueFd(::fcntl(ends[0], F_DUPFD_CLOEXEC, first_free_fd)),
              UniqueFd(::fcntl(ends[1], F_DUPFD_CLOEXEC, first_free_fd))};
    if (!pipe.reading || !pipe.writing) return fail_with_errno("cannot make a pipe");
    return pipe;
  }
};

// What the child tells before it becomes the program.
struct Report {
  pid_t pid = 0;  // Of the process that goes on; of none where `error` is set.
  int error = 0;  // errno
};

struct Preparation {
  std::array<int, 3> streams{};
  int report = -1;
  int host = -1, root = -1;  // pidfd of a simulated host's init, and its root directory; -1: here.
  const char* folder = nullptr;
  const char* program = nullptr;
  char* const* arguments = nullptr;
  char* const* environment = nullptr;
};

[[noreturn]] void give_up(int report) {
  const Report end{.error = errno};
  (void)!::write(report, &end, sizeof end);
  ::_exit(127);
}

bool enter(const Preparation& to) {
  return ::setns(to.host, CLONE_NEWNET | CLONE_NEWNS | CLONE_NEWUTS | CLONE_NEWPID) == 0 && ::fchdir(to.root) == 0 &&
         ::chroot(".") == 0 && ::chdir(to.folder) == 0;
}

// After fork(2) in a process that may have threads: only what signal-safety(7) lets.
[[noreturn]] void become(const Preparation& to) {
  if (to.host >= 0) {
    if (!enter(to)) give_up(to.report);
    // The pid namespace is entered by a child. It is made our maker's child, and this process has done its work.
    const auto pid = ::syscall(SYS_clone, CLONE_PARENT | SIGCHLD, nullptr, nullptr, nullptr, nullptr);
    if (pid < 0) give_up(to.report);
    if (pid > 0) {
      const Report inside{.pid = static_cast<pid_t>(pid)};
      (void)!::write(to.report, &inside, sizeof inside);
      ::_exit(0);
    }
  }
  ::setsid();
  for (int standard = 0; standard < 3; ++standard) {
    if (::dup2(to.streams[static_cast<std::size_t>(standard)], standard) < 0) give_up(to.report);
  }
  ::close_range(3, UINT_MAX, CLOSE_RANGE_CLOEXEC);
  sigset_t none;
  ::sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
  ::signal(SIGPIPE, SIG_DFL);
  environ = const_cast<char**>(to.environment);  // And with it the PATH that leads to the program.
  ::execvp(to.program, to.arguments);
  give_up(to.report);
}

// The number of the program's process, once it is the program.
Result<pid_t> await_exec(pid_t first, int reports) {
  auto pid = first;
  Report report;
  for (;;) {
    const auto length = ::read(reports, &report, sizeof report);
    if (length < 0 && errno == EINTR) continue;
    if (length != sizeof report) return pid;
    if (report.error != 0) {
      ::waitpid(pid, nullptr, 0);
      return std::unexpected(fail_with_errno("", report.error).error());
    }
    ::waitpid(first, nullptr, 0);
    pid = report.pid;
  }
}

}  // namespace

Result<ChildProcess> ChildProcess::start(const std::vector<std::string>& command, const SimulatedHost* host) {
  auto in = TRY(Pipe::make());
  auto out = TRY(Pipe::make());
  auto err = TRY(Pipe::make());
  auto reports = TRY(Pipe::make());
  UniqueFd root;
  Arguments arguments(command);
  Arguments environment(host != nullptr ? TRY(host->environment()) : std::vector<std::string>());
  Preparation to{.streams = {in.reading.get(), out.writing.get(), err.writing.get()},
                 .report = reports.writing.get(),
                 .program = arguments.program(),
                 .arguments = arguments.pointers(),
                 .environment = host != nullptr ? environment.pointers() : environ};
  if (host != nullptr) {
    root.reset(::open(fmt::format("/proc/{}/root", host->pid()).c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!root) return fail("not running", fmt::format("the host of {} has ended", host->directory()));
    to.host = host->pidfd();
    to.root = root.get();
    to.folder = host->directory().c_str();
  }
  const auto first = ::fork();
  if (first < 0) return fail_with_errno("cannot fork");
  if (first == 0) become(to);
  reports.writing.reset();
  const auto pid = await_exec(first, reports.reading.get());
  if (!pid) return fail(pid.error().tag, fmt::format("cannot run {}{}", command.front(), pid.error().details));
  ::fcntl(in.writing.get(), F_SETFL, O_NONBLOCK);
  return ChildProcess(*pid, std::move(in.writing), std::move(out.reading), std::move(err.reading));
}

ChildProcess::ChildProcess(pid_t pid, UniqueFd in, UniqueFd out, UniqueFd err)
    : pid_(pid), in_(std::move(in)), out_(std::move(out)), err_(std::move(err)) {}

ChildProcess::ChildProcess(ChildProcess&& other) noexcept
    : pid_(std::exchange(other.pid_, -1)),
      in_(std::move(other.in_)),
      out_(std::move(other.out_)),
      err_(std::move(other.err_)) {}

ChildProcess::~ChildProcess() {
  if (pid_ < 0) return;
  in_.reset();
  const auto process = open_process(pid_);
  struct pollfd wait{.fd = process.get(), .events = POLLIN, .revents = 0};
  if (::poll(&wait, 1, end_wait_ms) <= 0) kill_group();
  ::waitpid(pid_, nullptr, 0);
}

void ChildProcess::kill_group() const { ::kill(-pid_, SIGKILL); }

ssize_t ChildProcess::write(std::string_view text) const {
  sigset_t broken_pipe, before;
  ::sigemptyset(&broken_pipe);
  ::sigaddset(&broken_pipe, SIGPIPE);
  ::pthread_sigmask(SIG_BLOCK, &broken_pipe, &before);
  const auto length = ::write(in(), text.data(), text.size());
  const int error = errno;
  if (length < 0 && error == EPIPE) {
    const struct timespec no_wait{};
    ::sigtimedwait(&broken_pipe, nullptr, &no_wait);
  }
  ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
  errno = error;
  return length;
}

}  // namespace weft::hosts
