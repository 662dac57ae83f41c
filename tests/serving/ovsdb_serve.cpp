// ovsdb_serve SCHEMA FILE SOCKET: serves one database until SIGTERM; says "ready" when it listens.
#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <csignal>
#include <cstdio>
#include <fstream>
#include <sstream>

#include "ovsdb/database_file.hpp"
#include "ovsdb/server.hpp"

namespace {

using namespace weft;

Result<> serve(const std::string& schema_path, const std::string& file_path, const std::string& socket_path) {
  std::stringstream text;
  text << std::ifstream(schema_path).rdbuf();
  const auto parsed = TRY(parse_json(text.str()));
  const auto schema = TRY(ovsdb::DatabaseSchema::from_json(parsed));
  const auto file = TRY(ovsdb::open_database(file_path, schema, {}));
  boost::asio::io_context loop;
  ovsdb::Server server(loop);
  server.add_database(file->database());
  TRY(server.listen_unix(socket_path));
  boost::asio::signal_set signals(loop, SIGTERM, SIGINT);
  signals.async_wait([&](const boost::system::error_code&, int) { server.stop(); });
  std::puts("ready");
  std::fflush(stdout);
  loop.run();
  return {};
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 4) {
    std::fputs("usage: ovsdb_serve SCHEMA FILE SOCKET\n", stderr);
    return 2;
  }
  const auto served = serve(argv[1], argv[2], argv[3]);
  if (!served)
    std::fprintf(stderr, "ovsdb_serve: %s: %s\n", served.error().tag.c_str(), served.error().details.c_str());
  return served ? 0 : 1;
}
