#include "dbtool/cluster_printer.hpp"

#include <fmt/format.h>

namespace weft::dbtool {

using namespace ovsdb;

void ClusterPrinter::print_number() { fmt::print(out_, "record {}:\n", next_++); }

void ClusterPrinter::print_number(std::string_view name, std::uint64_t number) {
  if (number != 0) fmt::print(out_, " {}: {}\n", name, number);
}

void ClusterPrinter::print_id(std::string_view name, const Uuid& id) {
  fmt::print(out_, " {}: {}\n", name, short_id(id));
}

void ClusterPrinter::print_servers(std::string_view name, const ClusterServers& servers) {
  std::string text;
  for (const auto& [id, address] : servers)
    text += fmt::format("{}{}(\"{}\")", text.empty() ? "" : ", ", short_id(id), address);
  fmt::print(out_, " {}: {}\n", name, text);
}

Result<> ClusterPrinter::print_data(std::string_view name, const ClusterData& data) {
  if (!data.schema.is_null()) {
    auto schema = TRY(DatabaseSchema::from_json(data.schema));
    fmt::print(out_, " {}: \"{}\", version=\"{}\", cksum=\"{}\"\n", name, schema.name, schema.version, schema.checksum);
    transactions_.set_schema(std::move(schema));
  }
  if (const auto* transaction = data.transaction.if_object()) {
    transactions_.print(*transaction);
  } else {
    fmt::print(out_, "\n");
  }
  return {};
}

Result<> ClusterPrinter::print(const ClusterHeader& header) {
  print_number();
  // The quotation marks differ in Open vSwitch, too.
  fmt::print(out_, " name: \"{}'\n local address: \"{}\"\n", header.member.name, header.member.local_address);
  print_id("server_id", header.member.server_id);
  if (header.member.cluster_id) print_id("cluster_id", *header.member.cluster_id);
  if (!header.snapshot) {
    fmt::print(out_, " remote_addresses: {}\n\n", fmt::join(header.remotes, " "));
    return {};
  }
  print_number("prev_index", header.snapshot->index);
  print_number("prev_term", header.snapshot->term);
  print_servers("prev_servers", header.snapshot->servers);
  print_id("prev_eid", header.snapshot->entry_id);
  return print_data("prev_schema", header.snapshot->data);
}

Result<> ClusterPrinter::print_entry(const ClusterEntry& entry) {
  print_number("index", entry.index);
  if (entry.servers) print_servers("servers", *entry.servers);
  if (entry.id) print_id("eid", *entry.id);
  return print_data("schema", entry.data);
}

Result<> ClusterPrinter::print(const ClusterRecord& record) {
  print_number();
  if (!record.comment.empty()) fmt::print(out_, " comment: \"{}\"\n", record.comment);
  print_number("term", record.term);
  if (const auto* entry = std::get_if<ClusterEntry>(&record.event)) return print_entry(*entry);
  if (const auto* vote = std::get_if<ClusterVote>(&record.event)) print_id("vote", vote->server);
  if (const auto* leader = std::get_if<ClusterLeader>(&record.event)) print_id("leader", leader->server);
  if (const auto* commit = std::get_if<ClusterCommit>(&record.event)) print_number("commit_index", commit->index);
  if (const auto* note = std::get_if<ClusterNote>(&record.event)) fmt::print(out_, " note: \"{}\"\n", note->text);
  fmt::print(out_, "\n");
  return {};
}

}  // namespace weft::dbtool
