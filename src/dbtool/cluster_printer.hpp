// The records of a clustered database's file in words: what show-log prints of them (ovsdb-tool(1)).
#pragma once

#include "dbtool/transaction_printer.hpp"
#include "ovsdb/cluster_record.hpp"

namespace weft::dbtool {

class ClusterPrinter {
 public:
  // `more`: as for TransactionPrinter.
  ClusterPrinter(int more, std::FILE* out) : transactions_(more, out), out_(out) {}

  // Errors: "syntax error", of a schema.
  Result<> print(const ovsdb::ClusterHeader& header);
  Result<> print(const ovsdb::ClusterRecord& record);

 private:
  void print_number();
  void print_number(std::string_view name, std::uint64_t number);
  void print_id(std::string_view name, const Uuid& id);
  void print_servers(std::string_view name, const ovsdb::ClusterServers& servers);
  Result<> print_entry(const ovsdb::ClusterEntry& entry);
  // Ends the record, too.
  Result<> print_data(std::string_view name, const ovsdb::ClusterData& data);

  TransactionPrinter transactions_;
  std::FILE* out_;
  std::uint64_t next_ = 0;  // The number of the next record.
};

}  // namespace weft::dbtool
