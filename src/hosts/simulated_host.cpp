#include "hosts/simulated_host.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <sched.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <climits>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "base/directories.hpp"
#include "base/system_error.hpp"
#include "hosts/arguments.hpp"
#include "hosts/host_init.hpp"
#include "hosts/pidfd.hpp"

namespace weft::hosts {
namespace {

namespace fs = std::filesystem;

constexpr int own_namespaces = CLONE_NEWNET | CLONE_NEWNS | CLONE_NEWUTS | CLONE_NEWPID;
constexpr int first_free_fd = 10;  // Above those that the init is given.
constexpr int end_seconds_max = 15;
constexpr const char* system_path = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

Result<UniqueFd> keep_high(int fd, const char* what) {
  const UniqueFd low(fd);
  UniqueFd high(low ? ::fcntl(low.get(), F_DUPFD_CLOEXEC, first_free_fd) : -1);
  if (!high) return fail_with_errno(std::string("cannot open ") + what);
  return high;
}

struct flock whole_file() {
  struct flock lock{};
  lock.l_type = F_WRLCK;
  lock.l_whence = SEEK_SET;
  return lock;
}

// In the namespaces, before exec: only what signal-safety(7) lets.
[[noreturn]] void become_init(int lock, int socket, int null, char* const* arguments, char* const* environment) {
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);  // Until the maker has heard from us; see host_init.hpp.
  ::setsid();
  for (const int standard : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) ::dup2(null, standard);
  ::dup2(lock, init_lock_fd);
  ::dup2(socket, init_socket_fd);
  // Before the lock is taken: closing a second descriptor of the file would give it up.
  ::close_range(init_socket_fd + 1, UINT_MAX, 0);
  auto whole = whole_file();
  std::string_view wrong = "another process has just started it";
  if (::fcntl(init_lock_fd, F_SETLK, &whole) == 0) {
    sigset_t none;
    ::sigemptyset(&none);
    ::sigprocmask(SIG_SETMASK, &none, nullptr);
    ::execve("/proc/self/exe", arguments, environment);
    wrong = "cannot execute weft again";
  }
  ::send(init_socket_fd, wrong.data(), wrong.size(), MSG_NOSIGNAL);
  ::_exit(1);
}

std::vector<std::string> init_environment(const std::string& directory, const std::string& programs) {
  return {fmt::format("PATH={}:{}", programs, system_path), "HOME=" + directory, "LC_ALL=C.UTF-8"};
}

// What the init says: nothing if it is ready.
Result<> await_ready(int socket) {
  std::string said;
  std::array<char, 512> bytes{};
  struct pollfd wait{.fd = socket, .events = POLLIN, .revents = 0};
  for (;;) {
    if (::poll(&wait, 1, host_start_seconds_max * 1000) == 0) return fail("time limit", "its first process is silent");
    const auto length = ::recv(socket, bytes.data(), bytes.size(), 0);
    if (length < 0 && errno == EINTR) continue;
    if (length > 0) said.append(bytes.data(), static_cast<std::size_t>(length));
    if (said == std::string_view(&init_is_ready, 1)) return {};
    if (length <= 0) return fail("system", said.empty() ? "its first process ended" : said);
  }
}

Result<> make_directory(const std::string& directory) {
  std::error_code error;
  fs::create_directories(directory, error);
  if (!error) fs::permissions(directory, fs::perms::owner_all, error);
  if (error) return fail_with_errno("cannot make the folder " + directory, error.value());
  for (const std::string_view hidden : {"/run/", "/proc/", "/sys/"}) {
    if ((fs::canonical(directory, error).string() + "/").starts_with(hidden)) {
      return fail("wrong place",
                  fmt::format("{} is hidden from the host, which has a {} of its own", directory, hidden));
    }
  }
  return {};
}

// 0: nobody.
pid_t holder_of_lock(const std::string& directory) {
  const UniqueFd file(::open(init_lock_path(directory).c_str(), O_RDONLY | O_CLOEXEC));
  auto lock = whole_file();
  if (!file || ::fcntl(file.get(), F_GETLK, &lock) != 0 || lock.l_type == F_UNLCK) return 0;
  return lock.l_pid;
}

// Waits for the end of a process, and takes its exit status where it is our child.
Result<> await_end(int pidfd, const std::string& whose) {
  struct pollfd wait{.fd = pidfd, .events = POLLIN, .revents = 0};
  int found = 0;
  while ((found = ::poll(&wait, 1, end_seconds_max * 1000)) < 0 && errno == EINTR) {
  }
  if (found == 0)
    return fail("time limit", fmt::format("{}: its processes do not end: is one stuck in the kernel?", whose));
  siginfo_t ignored{};
  ::waitid(P_PIDFD, static_cast<id_t>(pidfd), &ignored, WEXITED | WNOHANG);
  return {};
}

}  // namespace

Result<SimulatedHost> SimulatedHost::start(const std::string& given_directory, const std::string& name,
                                           const std::string& programs) {
  if (::geteuid() != 0) {
    return fail("not permitted", fmt::format("{}: simulated hosts are made of namespaces: run weft as root", name));
  }
  const auto directory = absolute_path(given_directory);
  const auto about = [&](const Error& error) {
    return fail(error.tag, fmt::format("{}: the simulated host does not start: {}", name, error.details));
  };
  if (const auto made = make_directory(directory); !made) return about(made.error());
  if (find(directory)) return fail("runs already", fmt::format("{}: the host of {} runs already", name, directory));

  auto lock = TRY(keep_high(::open(init_lock_path(directory).c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600),
                            "the lock of the host's init"));
  auto null = TRY(keep_high(::open("/dev/null", O_RDWR | O_CLOEXEC), "/dev/null"));
  std::array<int, 2> ends{-1, -1};
  ::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data());
  auto ours = TRY(keep_high(ends[0], "a pair of sockets"));
  auto theirs = TRY(keep_high(ends[1], "a pair of sockets"));

  const auto first_folder = absolute_path(programs);
  Arguments arguments({"weft", init_word, directory, name, first_folder});
  Arguments environment(init_environment(directory, first_folder));
  // As fork(2), but the child is in namespaces of its own from the first moment.
  const auto pid =
      static_cast<pid_t>(::syscall(SYS_clone, own_namespaces | SIGCHLD, nullptr, nullptr, nullptr, nullptr));
  if (pid == 0) {
    become_init(lock.get(), theirs.get(), null.get(), arguments.pointers(), environment.pointers());
  }
  if (pid < 0) {
    return fail_with_errno(fmt::format("{}: cannot make namespaces (are there limits in /proc/sys/user?)", name));
  }
  auto process = open_process(pid);
  theirs.reset();
  if (const auto ready = await_ready(ours.get()); !ready) {
    ::kill(pid, SIGKILL);
    ::waitpid(pid, nullptr, 0);
    return about(ready.error());
  }
  ::send(ours.get(), &maker_has_heard, 1, MSG_NOSIGNAL);
  // Until it closes its end, it would die with the thread that made it, which may be a short one.
  char nothing = 0;
  while (::recv(ours.get(), &nothing, 1, 0) < 0 && errno == EINTR) {
  }
  return SimulatedHost(directory, pid, std::move(process));
}

std::optional<SimulatedHost> SimulatedHost::find(const std::string& given_directory) {
  const auto directory = absolute_path(given_directory);
  const auto pid = holder_of_lock(directory);
  if (pid <= 0) return std::nullopt;
  auto process = open_process(pid);
  // It still holds the lock, so the descriptor is of it and not of one that got its number.
  if (!process || holder_of_lock(directory) != pid) return std::nullopt;
  return SimulatedHost(directory, pid, std::move(process));
}

Result<std::vector<std::string>> SimulatedHost::environment() const {
  std::vector<std::string> variables;
  std::ifstream file(fmt::format("/proc/{}/environ", pid_));
  for (std::string variable; std::getline(file, variable, '\0');) variables.push_back(variable);
  if (variables.empty()) return fail("not running", fmt::format("the host of {} has ended", directory_));
  for (const auto* kept : {"TERM", "LANG", "NO_COLOR"}) {
    if (const auto* value = std::getenv(kept)) variables.push_back(fmt::format("{}={}", kept, value));
  }
  return variables;
}

Result<> SimulatedHost::stop() {
  if (!send_signal(process_, SIGKILL) && errno != ESRCH) {
    return fail_with_errno("cannot end the host of " + directory_);
  }
  // The kernel ends an init only after all of its namespace's processes.
  return await_end(process_.get(), directory_);
}

Result<std::vector<std::string>> enter_command(const std::string& directory, const std::vector<std::string>& command) {
  const auto host = SimulatedHost::find(directory);
  if (!host)
    return fail("not running", fmt::format("the host of {} does not run: start it with `weft lab up`", directory));
  // --root: where all this runs in a chroot, the mount namespace alone would lead out of it.
  std::vector<std::string> words{"nsenter", "--target", std::to_string(host->pid()), "--net", "--mount", "--uts",
                                 "--pid",   "--root",   "--wd=" + host->directory(), "--",    "env",     "-i"};
  for (auto& variable : TRY(host->environment())) words.push_back(std::move(variable));
  words.insert(words.end(), command.begin(), command.end());
  return words;
}

}  // namespace weft::hosts
