#include "kernel/udp_port_holder.hpp"

#include <fmt/format.h>

#include <charconv>
#include <filesystem>
#include <fstream>
#include <sstream>

namespace weft::kernel {
namespace {

std::string read_text(const std::filesystem::path& path) {
  std::stringstream text;
  text << std::ifstream(path).rdbuf();
  return text.str();
}

std::string process_with(std::uint64_t inode) {
  const auto link = fmt::format("socket:[{}]", inode);
  std::error_code error;
  for (const auto& process : std::filesystem::directory_iterator("/proc", error)) {
    const auto pid = process.path().filename().string();
    if (pid.find_first_not_of("0123456789") != std::string::npos) continue;
    std::error_code gone;
    for (const auto& fd : std::filesystem::directory_iterator(process.path() / "fd", gone)) {
      std::error_code closed;
      if (std::filesystem::read_symlink(fd.path(), closed).string() != link) continue;
      auto name = read_text(process.path() / "comm");
      while (!name.empty() && name.back() == '\n') name.pop_back();
      return fmt::format("{} (process {})", name, pid);
    }
  }
  return {};
}

}  // namespace

std::uint64_t find_udp_inode(std::string_view table, std::uint16_t port) {
  const auto wanted = fmt::format(":{:04X}", port);
  std::istringstream lines{std::string(table)};
  std::string line;
  std::getline(lines, line);  // The heading.
  while (std::getline(lines, line)) {
    std::istringstream words(line);
    std::string number, local, remote, state, queues, timer, retransmits, user, timeout;
    std::uint64_t inode = 0;
    words >> number >> local >> remote >> state >> queues >> timer >> retransmits >> user >> timeout >> inode;
    if (words && local.ends_with(wanted)) return inode;
  }
  return 0;
}

std::string udp_port_holder(const Links& links, const LinkRecord& but) {
  const auto& vxlan = *but.link.vxlan;
  for (const auto& [ifindex, record] : links) {
    const auto& other = record.link.vxlan;
    const bool may_have_it = other && ifindex != but.link.ifindex && record.link.admin_up &&
                             other->dst_port == vxlan.dst_port &&
                             (other->is_ipv6 == vxlan.is_ipv6 || other->is_external);
    if (may_have_it) return fmt::format("the vxlan device {}, whose options differ", record.name);
  }
  const auto process = udp_port_process(vxlan.dst_port);
  return process.empty() ? "a socket of no process that can be seen from here" : process;
}

std::string udp_port_process(std::uint16_t port) {
  for (const auto* table : {"/proc/thread-self/net/udp", "/proc/thread-self/net/udp6"}) {
    const auto inode = find_udp_inode(read_text(table), port);
    if (inode == 0) continue;
    if (auto process = process_with(inode); !process.empty()) return process;
  }
  return {};
}

}  // namespace weft::kernel
