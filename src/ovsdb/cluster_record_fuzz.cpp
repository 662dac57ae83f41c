// Any lines as the records of a cluster's member: refused, or a history that is consistent or not.
#include <cstdint>

#include "ovsdb/cluster_check.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace weft;
  std::string_view rest(reinterpret_cast<const char*>(data), size);
  const auto next = [&] {
    const auto end = std::min(rest.find('\n'), rest.size());
    const auto value = parse_json(rest.substr(0, end));
    rest.remove_prefix(std::min(end + 1, rest.size()));
    return value.value_or(nullptr);
  };
  auto header = ovsdb::cluster_header_from_json(next());
  if (!header) return 0;
  ovsdb::ClusterLog log{"file", *std::move(header), {}};
  while (!rest.empty())
    if (auto record = ovsdb::cluster_record_from_json(next())) log.records.push_back(*std::move(record));
  std::vector<std::string> remarks;
  (void)ovsdb::check_cluster({&log, 1}, remarks);
  return 0;
}
