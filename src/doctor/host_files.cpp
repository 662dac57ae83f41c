#include "doctor/host_files.hpp"

#include <fmt/format.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <array>
#include <charconv>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <memory>
#include <ranges>

#include "base/unique_fd.hpp"

namespace weft::doctor {
namespace {

namespace fs = std::filesystem;

std::string drain(std::FILE* file) {
  std::string text;
  std::array<char, 4096> piece{};
  while (text.size() < text_bytes_max) {
    const auto count = std::fread(piece.data(), 1, piece.size(), file);
    if (count == 0) break;
    text.append(piece.data(), count);
  }
  return text;
}

bool lists_module(const std::optional<std::string>& list, const std::string& name) {
  return list && (list->contains("/" + name + ".ko:") || list->contains("/" + name + ".ko.") ||
                  list->contains("/" + name + ".ko\n"));
}

}  // namespace

std::optional<std::string> read_text(const std::string& path) {
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(std::fopen(path.c_str(), "re"), std::fclose);
  return file ? std::optional(drain(file.get())) : std::nullopt;
}

std::optional<int> read_number(const std::string& path) {
  const auto text = read_text(path);
  int number = 0;
  if (!text || std::from_chars(text->data(), text->data() + text->size(), number).ec != std::errc())
    return std::nullopt;
  return number;
}

std::optional<std::string> output_of(const std::string& command) {
  std::FILE* pipe = ::popen((command + " 2>/dev/null").c_str(), "re");
  if (pipe == nullptr) return std::nullopt;
  auto text = drain(pipe);
  return ::pclose(pipe) == 0 ? std::optional(std::move(text)) : std::nullopt;
}

std::string find_program(const std::string& name) {
  const char* path = std::getenv("PATH");
  const std::string folders = fmt::format("{}:/usr/sbin:/sbin:/usr/bin:/bin", path != nullptr ? path : "");
  for (const auto part : std::views::split(folders, ':')) {
    const auto candidate = (fs::path(std::string_view(part.begin(), part.end())) / name).string();
    if (!part.empty() && ::access(candidate.c_str(), X_OK) == 0) return candidate;
  }
  return {};
}

Module find_module(const std::string& name) {
  std::error_code error;
  if (!fs::exists("/proc/modules", error)) return Module::unsupported;
  if (fs::exists("/sys/module/" + name, error)) return Module::present;
  utsname system{};
  ::uname(&system);
  const auto folder = fmt::format("/lib/modules/{}", system.release);
  // In a container the host's folder is out of sight: then only a trial can tell.
  if (!fs::exists(folder, error) || lists_module(read_text(folder + "/modules.builtin"), name)) return Module::present;
  return lists_module(read_text(folder + "/modules.dep"), name) ? Module::loadable : Module::absent;
}

std::optional<ProcessFacts> find_server(const std::string& socket_path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (socket_path.size() >= sizeof address.sun_path) return std::nullopt;
  socket_path.copy(address.sun_path, socket_path.size());
  const UniqueFd socket(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  if (::connect(socket.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) return std::nullopt;
  ucred peer{};
  socklen_t bytes = sizeof peer;
  if (::getsockopt(socket.get(), SOL_SOCKET, SO_PEERCRED, &peer, &bytes) != 0) return ProcessFacts{};
  auto name = read_text(fmt::format("/proc/{}/comm", peer.pid)).value_or("");
  while (name.ends_with('\n')) name.pop_back();
  return ProcessFacts{.id = name.empty() ? 0 : peer.pid, .name = std::move(name)};
}

}  // namespace weft::doctor
