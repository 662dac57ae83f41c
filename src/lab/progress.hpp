// What people see of a command on a lab: a line a step with its time; on a terminal the running one is rewritten.
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdio>
#include <mutex>
#include <string>
#include <thread>

#include "cli/style.hpp"
#include "lab/executor.hpp"

namespace weft::lab {

class Progress : public Audience {
 public:
  explicit Progress(std::FILE* out);
  ~Progress() override;

  void begin(std::string label, std::string detail, std::size_t parts);
  void end(const Result<>& result);
  // A step that took no time worth telling.
  void note(std::string_view label, std::string_view detail);

  void wave_begins(std::span<const Step> wave, std::size_t hosts) override;
  void host_is_done() override { ++done_; }
  void wave_ends(const Result<>& result) override { end(result); }

 private:
  using Clock = std::chrono::steady_clock;
  void follow();
  void show(std::string_view sign, std::string_view detail, const std::string& clock, std::string_view end);
  double seconds() const { return std::chrono::duration<double>(Clock::now() - began_).count(); }

  std::FILE* out_;
  cli::Style style_;
  bool is_live_;
  std::string label_, detail_;
  std::size_t parts_ = 0;
  std::atomic<std::size_t> done_ = 0;
  Clock::time_point began_;
  std::mutex mutex_;
  std::condition_variable ended_;
  bool is_running_ = false;
  std::thread painter_;
};

// "host1, host2", or "200 on 2 hosts".
std::string describe(std::span<const Step> wave, std::size_t hosts);

}  // namespace weft::lab
