// Lab files from anybody: whatever is read keeps what a Topology promises, and reads the same again.
#include <cstdint>
#include <set>
#include <string>

#include "base/check.hpp"
#include "topology/limits.hpp"
#include "topology/read_lab.hpp"

namespace {

weft::Result<std::string> no_file(const std::string& path) { return weft::fail("lab file", path + ": not here"); }

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace weft::topology;
  const std::string text(reinterpret_cast<const char*>(data), size);
  const auto lab = read_text(text, "fuzz.yaml", no_file);
  if (!lab) {
    CHECK(!lab.error().details.empty());
    return 0;
  }
  CHECK(!lab->hosts.empty() && lab->hosts.size() <= hosts_max);
  CHECK(lab->containers.size() + lab->machines.size() <= endpoints_max);
  std::set<weft::MacAddress> macs;
  std::set<std::pair<std::string, std::string>> ports;
  const auto check = [&](const std::string& host, const Attachment& attachment) {
    CHECK(macs.insert(attachment.mac).second);
    CHECK(attachment.port.size() <= 15 && ports.emplace(host, attachment.port).second);
  };
  for (const auto& one : lab->containers) check(one.host, one.attachment);
  for (const auto& one : lab->machines) check(one.host, one.attachment);
  for (const auto& network : lab->networks) CHECK(network.mtu_bytes > 0);
  CHECK(*read_text(text, "fuzz.yaml", no_file) == *lab);
  return 0;
}
