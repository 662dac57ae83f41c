#include "lab/progress.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <unistd.h>

#include <array>
#include <set>

namespace weft::lab {
namespace {

constexpr std::size_t label_width = 14;
constexpr std::size_t detail_width = 50;
constexpr std::chrono::milliseconds redraw_every{100};
constexpr std::array turning = {"⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"};
constexpr std::array turning_ascii = {"|", "/", "-", "\\"};

std::string padded(std::string_view text, std::size_t width) {
  auto result = cli::clip(text, width);
  result.append(width - std::min(width, cli::width_of(result)), ' ');
  return result;
}

}  // namespace

Progress::Progress(std::FILE* out)
    : out_(out), style_(cli::style_of(out)), is_live_(style_.has_colours || ::isatty(::fileno(out)) == 1) {}

Progress::~Progress() {
  if (is_running_) end({});
}

void Progress::show(std::string_view sign, std::string_view detail, const std::string& clock, std::string_view end) {
  auto line =
      fmt::format("  {} {}  {}{}", sign, padded(label_, label_width), padded(detail, detail_width), style_.dim(clock));
  line.erase(line.find_last_not_of(' ') + 1);
  fmt::print(out_, "{}{}{}", is_live_ ? "\r\033[K" : "", line, end);
  std::fflush(out_);
}

void Progress::begin(std::string label, std::string detail, std::size_t parts) {
  label_ = std::move(label);
  detail_ = std::move(detail);
  parts_ = parts;
  done_ = 0;
  began_ = Clock::now();
  is_running_ = true;
  if (is_live_) painter_ = std::thread([this] { follow(); });
}

void Progress::follow() {
  std::unique_lock lock(mutex_);
  for (std::size_t turn = 0; !ended_.wait_for(lock, redraw_every, [this] { return !is_running_; }); ++turn) {
    const auto* sign = style_.has_unicode ? turning[turn % turning.size()] : turning_ascii[turn % turning_ascii.size()];
    const auto part = parts_ > 1 ? fmt::format(", {} of {} hosts done", done_.load(), parts_) : std::string();
    show(style_.yellow(sign), detail_ + part, seconds() >= 1 ? fmt::format("{:6.1f} s", seconds()) : "", "");
  }
}

void Progress::end(const Result<>& result) {
  {
    const std::scoped_lock lock(mutex_);
    is_running_ = false;
  }
  ended_.notify_all();
  if (painter_.joinable()) painter_.join();
  show(result ? style_.green(style_.tick()) : style_.red(style_.cross()), detail_, fmt::format("{:6.1f} s", seconds()),
       "\n");
}

void Progress::note(std::string_view label, std::string_view detail) {
  label_ = label;
  show(style_.green(style_.tick()), detail, "", "\n");
}

void Progress::wave_begins(std::span<const Step> wave, std::size_t hosts) {
  const auto& first = wave.front();
  const auto kind = wave.size() == 1 ? name_of(first.object.id.kind) : plural_of(first.object.id.kind);
  auto detail = describe(wave, hosts);
  std::string_view verb = first.action == Step::Action::remove ? "- " : "";
  if (first.action == Step::Action::start) {
    verb = "start ";
    detail += fmt::format("{}: had ended", hosts == 1 ? " on " + first.object.id.host : "");
  }
  begin(fmt::format("{}{}", verb, kind), std::move(detail), hosts);
}

std::string describe(std::span<const Step> wave, std::size_t hosts) {
  std::set<std::string> names;
  for (const auto& step : wave) names.insert(step.object.id.name);
  constexpr std::size_t names_shown_max = 4;
  auto text = names.size() <= names_shown_max ? fmt::format("{}", fmt::join(names, ", ")) : std::to_string(wave.size());
  if (hosts > 1 && wave.front().object.id.kind != Kind::host) text += fmt::format(" on {} hosts", hosts);
  return text;
}

}  // namespace weft::lab
