#include "base/log.hpp"

#include <spdlog/sinks/basic_file_sink.h>
#include <spdlog/sinks/stdout_color_sinks.h>
#include <spdlog/spdlog.h>
#include <sys/stat.h>

namespace weft {
namespace {

spdlog::level::level_enum to_spdlog(LogLevel level) {
  switch (level) {
    case LogLevel::debug:
      return spdlog::level::debug;
    case LogLevel::info:
      return spdlog::level::info;
    case LogLevel::warning:
      return spdlog::level::warn;
    case LogLevel::error:
      return spdlog::level::err;
  }
  return spdlog::level::err;
}

std::shared_ptr<spdlog::logger> make_logger(std::shared_ptr<spdlog::sinks::sink> sink) {
  auto logger = std::make_shared<spdlog::logger>("weft", std::move(sink));
  logger->set_pattern("%Y-%m-%dT%H:%M:%S.%e %^%-7l%$ %v");
  logger->flush_on(spdlog::level::info);
  return logger;
}

std::shared_ptr<spdlog::logger>& logger() {
  static auto instance = make_logger(std::make_shared<spdlog::sinks::stderr_color_sink_st>());
  return instance;
}

}  // namespace

void set_log_level(LogLevel least) { logger()->set_level(to_spdlog(least)); }

Result<> open_log_file(const std::string& path) {
  const auto previous = ::umask(0027);
  try {
    auto opened = make_logger(std::make_shared<spdlog::sinks::basic_file_sink_st>(path));
    opened->set_level(logger()->level());
    logger() = std::move(opened);
  } catch (const spdlog::spdlog_ex& error) {
    ::umask(previous);
    return fail("log file", error.what());
  }
  ::umask(previous);
  return {};
}

void write_log(LogLevel level, std::string_view message) { logger()->log(to_spdlog(level), "{}", message); }

}  // namespace weft
