// A command of ovsdb-client, and what it works with while it runs.
#pragma once

#include <cstdio>
#include <span>
#include <string>
#include <string_view>

#include "cli/table_output.hpp"
#include "daemon/startup.hpp"
#include "dbclient/options.hpp"
#include "jsonrpc/client.hpp"
#include "ovsdb/schema.hpp"

namespace weft::dbclient {

class Context {
 public:
  Context(const Options& given_options, std::string server, std::FILE* out)
      : options(given_options), remote(std::move(server)), tables_(given_options.style), out_(out) {}

  const Options& options;
  const std::string remote;
  std::optional<daemon::Startup> startup;  // Of a command that goes on, with the options of a daemon.
  std::optional<jsonrpc::Client> client;   // None: the command connects by itself.
  std::string database;                    // Empty where the command needs none.
  std::span<const std::string> arguments;  // Behind the server and the database.

  // The reply's result. An error reply is an Error whose details are the whole of it.
  Result<json::value> call(std::string_view method, json::array params);
  Result<ovsdb::DatabaseSchema> read_schema(std::string_view name);
  // The results of the operations; the first error among them is an Error.
  Result<json::array> transact(json::array operations);

  // With --detach: whoever called us goes on, and we stay with our standard output only.
  void go_to_background();

  // Written at once: who reads a pipe sees what has happened.
  void print(std::string_view text);
  void print_json(const json::value& value);
  void print_table(const cli::Table& table);

 private:
  cli::TablePrinter tables_;
  std::FILE* out_;
};

using Handler = Result<> (*)(Context& context);

enum class Needs { server_name, server, database };

inline constexpr std::size_t any_number = static_cast<std::size_t>(-1);

struct Command {
  std::string_view name;
  Needs needs;
  std::size_t least;  // How many arguments stand behind the server and the database.
  std::size_t most;
  std::string_view arguments;  // For --help, from the server on.
  std::string_view summary;
  Handler handler;
  bool goes_on = false;  // Until it is ended: it can be a daemon.
};

std::span<const Command> all_commands();

// <error> of RFC 7047 as one line: 'syntax "...": unknown column: No column x in table T.'
std::string error_text(const json::value& error);

// Errors: "I/O error", "syntax error"; both name the file.
Result<ovsdb::DatabaseSchema> read_schema_file(const std::string& path);

}  // namespace weft::dbclient
