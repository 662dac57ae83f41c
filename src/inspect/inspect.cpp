#include "inspect/inspect.hpp"

#include <fmt/format.h>

#include <thread>

#include "cli/common_options.hpp"
#include "cli/program.hpp"
#include "cli/screen.hpp"
#include "inspect/command_line.hpp"
#include "inspect/daemon_client.hpp"
#include "inspect/drops.hpp"
#include "inspect/status.hpp"
#include "inspect/trace.hpp"
#include "wire/frame_words.hpp"

namespace weft::inspect {
namespace {

using Clock = std::chrono::steady_clock;
using Lines = std::vector<std::string>;

using cli::done, cli::failed;

constexpr std::chrono::seconds interval{1};  // Of what is live.

class Program {
 public:
  explicit Program(std::FILE* out) : out_(out), style_(cli::style_of(out)) {}

  Result<int> run(const Print& command) {
    std::fputs(command.text.c_str(), out_);
    return done;
  }

  Result<int> run(const StatusCommand& command) {
    auto daemon = TRY(DaemonClient::connect());
    const auto ports = TRY(daemon.ask("weft/ports", {}));
    const auto drops = TRY(daemon.ask("weft/drops", {}));
    const auto deadline = Clock::now() + answer_within;
    auto database = TRY(jsonrpc::Client::connect(cli::default_remote(), deadline));
    const auto rows = TRY(database.call("transact", status_request(), deadline));
    const auto status = TRY(read_status(rows, ports, drops));
    if (command.json) {
      print_json(status_json(status));
    } else {
      print(show_status(status, style_));
    }
    return count_problems(status) == 0 ? done : failed;
  }

  Result<int> run(const DropsCommand& command) {
    const auto where = words_of(command.where);
    auto daemon = TRY(DaemonClient::connect());
    auto answer = TRY(daemon.ask("weft/drops", where));
    if (!command.watch) {
      if (command.json) {
        print_json(answer);
      } else {
        print(show_drops(read_drops(answer), style_));
      }
      return done;
    }
    const auto began = read_drops(answer);
    auto before = began;
    auto now = began;
    const auto take = [&]() -> Result<> {
      answer = TRY(daemon.ask("weft/drops", where));
      before = std::exchange(now, read_drops(answer));
      return {};
    };
    if (command.json) return repeat([&] { print_json(answer); }, take);
    if (cli::Screen::is_possible()) {
      return live([&](std::size_t) { return show_moving_drops(began, before, now, style_); }, take);
    }
    return repeat([&] { print(tell_moved_drops(before, now)); }, take);
  }

  Result<int> run(const TopCommand& command) {
    const auto where = words_of(command.where);
    auto daemon = TRY(DaemonClient::connect());
    Top top(command.order);
    double time_s = 0;
    const auto take = [&]() -> Result<> {
      const auto sample = read_traffic(TRY(daemon.ask("weft/ports", where)));
      time_s = sample.time_s;
      top.take(sample);
      return {};
    };
    TRY(take());
    if (!command.once && !command.json && cli::Screen::is_possible()) {
      return live([&](std::size_t height) { return show_top(top.rates(), style_, height); }, take);
    }
    const auto print_once = [&] {
      if (command.json) {
        print_json(top_json(time_s, top.rates()));
      } else {
        print(show_top(top.rates(), style_, top.rates().size() + whole_list_));
      }
    };
    std::this_thread::sleep_for(interval);
    TRY(take());
    if (command.json && !command.once) return repeat(print_once, take);
    print_once();
    return done;
  }

  Result<int> run(const TraceCommand& command) {
    TRY(read_frame(command.frame));  // Its errors come before all others.
    auto daemon = TRY(DaemonClient::connect());
    const auto answer = TRY(daemon.ask("weft/trace", std::array{command.bridge, command.port, command.frame}));
    if (command.json) {
      print_json(answer);
    } else {
      print(show_trace(answer, style_));
    }
    return done;
  }

 private:
  static Lines words_of(const std::string& where) { return where.empty() ? Lines{} : Lines{where}; }

  void print(const Lines& lines) {
    for (const auto& line : lines) fmt::print(out_, "{}\n", line);
    std::fflush(out_);
  }
  void print_json(const json::value& value) {
    fmt::print(out_, "{}\n", to_text(value));
    std::fflush(out_);
  }

  // Until somebody ends the program.
  template <class Show, class Take>
  Result<int> repeat(Show show, Take take) {
    for (auto next = Clock::now() + interval;; next += interval) {
      show();
      std::this_thread::sleep_until(next);
      TRY(take());
    }
  }

  template <class Show, class Take>
  Result<int> live(Show show, Take take) {
    auto screen = TRY(cli::Screen::open());
    for (auto next = Clock::now();;) {
      screen.draw(show(screen.height()));
      const auto event = screen.wait(next);
      if (event == cli::Screen::Event::quit) return done;
      if (event == cli::Screen::Event::resized) continue;
      TRY(take());
      next = Clock::now() + interval;
    }
  }

  static constexpr std::size_t whole_list_ = 10;
  std::FILE* out_;
  cli::Style style_;
};

}  // namespace

int run(std::span<const std::string> arguments, std::FILE* out, std::FILE* err) {
  const auto parse = [&] { return parse_command_line(arguments); };
  const auto carry_out = [&](const auto& command) {
    Program program(out);
    return std::visit([&](const auto& chosen) { return program.run(chosen); }, command);
  };
  return cli::run_program("weft", err, parse, carry_out);
}

}  // namespace weft::inspect
